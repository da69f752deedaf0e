// Casts in the emulator: against rounding in f64, over all bf16 numbers and what lies between them.
#include "cuda/harness.h"
#include "rows/row_math.h"

namespace {

using check::Device;
using check::DeviceFloats;
using check::Floats;
using eider::rows::bits_of;
using eider::rows::float_of;

std::vector<uint16_t> narrowed(const Floats& x, int64_t skew = 0) {
  const DeviceFloats from(x, skew);
  const Device<uint16_t> to(from.size(), skew);
  check::done(eider_cuda_cast_f32_to_bf16(from.size(), from, to, nullptr), "cast to bf16");
  return to.host();
}

Floats widened(const std::vector<uint16_t>& x, int64_t skew = 0) {
  const Device<uint16_t> from(x, skew);
  const DeviceFloats to(from.size(), skew);
  check::done(eider_cuda_cast_bf16_to_f32(from.size(), from, to, nullptr), "cast to f32");
  return to.host();
}

void sizes() {
  for (const int64_t n : {1, 2, 7, 31, 33, 255, 256, 257, 1000, 1024, 1025}) {
    const Floats x = check::normal(n);
    for (const int64_t skew : {0, 1}) {
      const Floats back = widened(narrowed(x, skew), skew);
      for (int64_t i = 0; i < n; ++i) {
        // Half a unit in the last of 8 bits.
        check::near(back[i], x[i], std::abs(x[i]) / 256, check::at("there and back", n, skew, i));
      }
    }
  }
}

// Numbers of 16 bits survive; between two neighbours the nearer one, at half way the even one.
void rounding() {
  std::vector<uint16_t> all;
  for (uint32_t bits = 0; bits < 1 << 16; bits += 7) all.push_back(uint16_t(bits));
  for (size_t begin = 0; begin < all.size(); begin += 1024) {
    const std::vector<uint16_t> some(all.begin() + begin, all.begin() + std::min(begin + 1024, all.size()));
    const Floats exact = widened(some);
    Floats between;
    for (size_t i = 0; i < some.size(); ++i) {
      check::that(bits_of(exact[i]) == uint32_t(some[i]) << 16, "bf16 is the upper half");
      for (const uint32_t below : {0u, 1u, 0x7fffu, 0x8000u, 0x8001u, 0xffffu}) {
        between.push_back(float_of(bits_of(exact[i]) | below));
      }
    }
    for (size_t first = 0; first < between.size(); first += 1024) {
      const Floats x(between.begin() + first, between.begin() + std::min(first + 1024, between.size()));
      const std::vector<uint16_t> rounded = narrowed(x);
      for (size_t i = 0; i < x.size(); ++i) {
        const uint32_t bits = bits_of(x[i]), down = bits >> 16, rest = bits & 0xffff;
        if (std::isnan(x[i])) {
          check::that(std::isnan(float_of(uint32_t(rounded[i]) << 16)) && rounded[i] >> 15 == bits >> 31, "NaN");
          continue;
        }
        const bool up = rest > 0x8000 || (rest == 0x8000 && down % 2 == 1);
        check::that(rounded[i] == down + (up ? 1 : 0), "rounding of " + std::to_string(bits));
      }
    }
  }
}

}  // namespace

int main() {
  sizes();
  rounding();
  check::done(eider_cuda_cast_f32_to_bf16(0, nullptr, nullptr, nullptr), "nothing");
  check::done(eider_cuda_cast_bf16_to_f32(0, nullptr, nullptr, nullptr), "nothing");
  check::that(eider_cuda_cast_f32_to_bf16(-1, nullptr, nullptr, nullptr) == 1, "negative size");
  check::that(eider_cuda_cast_bf16_to_f32(-1, nullptr, nullptr, nullptr) == 1, "negative size");
  return check::report();
}
