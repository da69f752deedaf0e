// Pooling in the emulator, f32 and bf16, against its definition, window by window: 16 bytes of channels a thread and
// one channel, several tiles of columns and of channels, arrays that are not aligned.
#include "cuda/harness.h"
#include "pooling.h"

namespace {

using check::Bits;
using check::Device;
using check::Floats;
using check::Places;
using check::Pooling;

int max_pool(const Pooling& s, const float* x, uint8_t* place, float* y) {
  return eider_cuda_max_pool_f32(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, x, place, y,
                                 nullptr);
}
int max_pool(const Pooling& s, const uint16_t* x, uint8_t* place, uint16_t* y) {
  return eider_cuda_max_pool_bf16(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, x, place, y,
                                  nullptr);
}
int pick(const Pooling& s, const float* x, const uint8_t* place, float* y) {
  return eider_cuda_pick_in_window_f32(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, x, place, y,
                                       nullptr);
}
int pick(const Pooling& s, const uint16_t* x, const uint8_t* place, uint16_t* y) {
  return eider_cuda_pick_in_window_bf16(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, x, place, y,
                                        nullptr);
}
int place(const Pooling& s, const float* g, const uint8_t* place, float* gx) {
  return eider_cuda_place_in_window_f32(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, g, place, gx,
                                        nullptr);
}
int place(const Pooling& s, const uint16_t* g, const uint8_t* place, uint16_t* gx) {
  return eider_cuda_place_in_window_bf16(s.n, s.height, s.width, s.channels, s.window, s.stride, s.padding, g, place,
                                         gx, nullptr);
}

const Floats& exact(const Floats& x) { return x; }
Floats exact(const Bits& x) { return check::widened(x); }

// Numbers as they are, whatever the bits of NaN.
template <class T>
void same(const Device<T>& actual, const Floats& expected, const std::string& what) {
  const Floats numbers = exact(actual.host()), wanted = exact(check::stored<T>(expected));
  for (size_t i = 0; i < wanted.size(); ++i) {
    check::near(numbers[i], wanted[i], 0, [&] { return what + " [" + std::to_string(i) + "]"; });
  }
}

// skews leave out the first element of images, of results and of places.
template <class T>
void against_the_definition(const Pooling& s, int64_t image_skew = 0, int64_t result_skew = 0, int64_t place_skew = 0) {
  const Device<T> x(check::stored<T>(s.drawn()), image_skew);
  const Device<T> g(check::stored<T>(check::normal(s.results())), result_skew);
  const Device<T> y(s.results(), result_skew), gx(s.pixels(), image_skew);
  const Device<uint8_t> places(s.results(), place_skew);
  Places chosen;
  Floats wanted;

  check::done(max_pool(s, x, places, y), "max pool" + s.text());
  s.max(exact(x.host()), wanted, chosen);
  same(y, wanted, "max pool" + s.text());
  check::same_bits(places.host(), chosen, "places" + s.text());

  const Places any = s.any_places();
  std::copy(any.begin(), any.end(), places.data());
  check::done(pick(s, x, places, y), "pick" + s.text());
  same(y, s.pick(exact(x.host()), any), "pick" + s.text());
  check::done(place(s, g, places, gx), "place" + s.text());
  same(gx, s.place(exact(g.host()), any), "place" + s.text());
}

void both(const Pooling& s) {
  against_the_definition<float>(s);
  against_the_definition<uint16_t>(s);
}

void refused() {
  for (const Pooling& s : check::impossible_poolings()) {
    const float* const x = nullptr;
    float* const y = nullptr;
    check::that(max_pool(s, x, nullptr, y) == 1, "max pool" + s.text());
    check::that(pick(s, x, nullptr, y) == 1, "pick" + s.text());
    check::that(place(s, x, nullptr, y) == 1, "place" + s.text());
  }
}

}  // namespace

int main() {
  for (const Pooling& s : check::poolings(3)) against_the_definition<float>(s);
  both({2, 2, 5, 8, 3, 2, 1});
  // Tiles of columns: of 128 pixels with one channel, of 4 with 32 threads of channels.
  both({1, 1, 128, 1, 2, 1, 1});
  both({1, 1, 5, 33, 3, 2, 1});
  both({1, 2, 5, 64, 3, 1, 1});
  // Tiles of channels, the last not full.
  both({1, 1, 2, 132, 2, 1, 1});
  both({1, 1, 2, 264, 2, 1, 1});
  for (int which = 0; which < 3; ++which) {
    const Pooling s{1, 2, 3, 8, 2, 1, 0};
    against_the_definition<float>(s, which == 0, which == 1, which == 2);
    against_the_definition<uint16_t>(s, which == 0, which == 1, which == 2);
  }
  const Pooling nothing{0, 7, 5, 3, 3, 2, 1};
  check::done(max_pool(nothing, static_cast<const float*>(nullptr), nullptr, nullptr), "no images");
  check::done(pick(nothing, static_cast<const float*>(nullptr), nullptr, nullptr), "no images");
  check::done(place(nothing, static_cast<const float*>(nullptr), nullptr, nullptr), "no images");
  refused();
  return check::report();
}
