// Pooling, f32 and bf16, against its definition, window by window.
#include "pooling.h"

namespace {

using check::Bits;
using check::Floats;
using check::Places;
using check::Pooling;

int max_pool(const Pooling& s, const float* x, uint8_t* place, float* y) {
  return eider_max_pool_f32(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, x, place, y);
}
int max_pool(const Pooling& s, const uint16_t* x, uint8_t* place, uint16_t* y) {
  return eider_max_pool_bf16(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, x, place, y);
}
int pick(const Pooling& s, const float* x, const uint8_t* place, float* y) {
  return eider_pick_in_window_f32(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, x, place, y);
}
int pick(const Pooling& s, const uint16_t* x, const uint8_t* place, uint16_t* y) {
  return eider_pick_in_window_bf16(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, x, place, y);
}
int place(const Pooling& s, const float* g, const uint8_t* place, float* gx) {
  return eider_place_in_window_f32(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, g, place, gx);
}
int place(const Pooling& s, const uint16_t* g, const uint8_t* place, uint16_t* gx) {
  return eider_place_in_window_bf16(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, g, place, gx);
}

const Floats& exact(const Floats& x) { return x; }
Floats exact(const Bits& x) { return check::widened(x); }

// Numbers as they are, whatever the bits of NaN.
template <class T>
void same(const std::vector<T>& actual, const Floats& expected, const std::string& what) {
  const Floats numbers = exact(actual), wanted = exact(check::stored<T>(expected));
  for (size_t i = 0; i < wanted.size(); ++i) {
    check::near(numbers[i], wanted[i], 0, [&] { return what + " [" + std::to_string(i) + "]"; });
  }
}

template <class T>
void against_the_definition(const Pooling& s) {
  const std::vector<T> x = check::stored<T>(s.drawn()), g = check::stored<T>(check::normal(s.results()));
  std::vector<T> y(s.results(), T(-7)), gx(s.pixels(), T(-7));
  Places places(s.results(), 255), wanted_places;
  Floats wanted;

  check::that(max_pool(s, x.data(), places.data(), y.data()) == 0, "max pool" + s.text());
  s.max(exact(x), wanted, wanted_places);
  same(y, wanted, "max pool" + s.text());
  check::same_bits(places, wanted_places, "places" + s.text());

  for (const Places& some : {places, s.any_places()}) {
    check::that(pick(s, x.data(), some.data(), y.data()) == 0, "pick" + s.text());
    same(y, s.pick(exact(x), some), "pick" + s.text());
    check::that(place(s, g.data(), some.data(), gx.data()) == 0, "place" + s.text());
    same(gx, s.place(exact(g), some), "place" + s.text());
  }
}

void many_threads() {
  const Pooling s{3, 33, 31, 64, 3, 2, 1};
  const Floats x = s.drawn();
  check::same_for_all_threads(
      [&] {
        Places places(s.results());
        Floats y(s.results()), picked(s.results()), gx(s.pixels());
        max_pool(s, x.data(), places.data(), y.data());
        pick(s, x.data(), places.data(), picked.data());
        place(s, y.data(), places.data(), gx.data());
        return check::joined({y, Floats(places.begin(), places.end()), picked, gx});
      },
      "pooling");
  against_the_definition<float>(s);
}

void refused() {
  std::vector<Pooling> none = check::impossible_poolings();
  for (const Pooling& s : none) {
    const float* const x = nullptr;
    float* const y = nullptr;
    check::that(max_pool(s, x, nullptr, y) == 1, "max pool" + s.text());
    check::that(pick(s, x, nullptr, y) == 1, "pick" + s.text());
    check::that(place(s, x, nullptr, y) == 1, "place" + s.text());
  }
}

}  // namespace

int main() {
  for (const int channels : {1, 3, 64, 100}) {
    for (const Pooling& s : check::poolings(channels)) {
      against_the_definition<float>(s);
      against_the_definition<uint16_t>(s);
    }
  }
  against_the_definition<float>({0, 7, 5, 3, 3, 2, 1});
  many_threads();
  refused();
  return check::report();
}
