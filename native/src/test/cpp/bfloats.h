// bf16 in tests: its bits, what they stand for, and the definition of rounding to nearest, ties to even.
#ifndef EIDER_TEST_BFLOATS_H
#define EIDER_TEST_BFLOATS_H

#include "check.h"

namespace check {

using Bits = std::vector<uint16_t>;

inline float widened(uint16_t bits) {
  const uint32_t upper = uint32_t(bits) << 16;
  float x;
  std::memcpy(&x, &upper, sizeof x);
  return x;
}

inline Floats widened(const Bits& bits) {
  Floats x;
  for (const uint16_t b : bits) x.push_back(widened(b));
  return x;
}

// The nearer of the two neighbours of x's magnitude, by their distances; the even one if both are as near.
inline uint16_t rounded(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const uint16_t sign = uint16_t(bits >> 31 << 15), below = uint16_t(bits >> 16 & 0x7fff), above = uint16_t(below + 1);
  const double magnitude = std::abs(double(x)), low = widened(below);
  // Where infinity is the upper neighbour it stands for the number that would be next.
  const double high = std::isinf(widened(above)) ? 0x1p128 : double(widened(above));
  const double to_low = magnitude - low, to_high = high - magnitude;
  const bool up = to_high < to_low || (to_high == to_low && below % 2 == 1);
  return uint16_t(sign | (up ? above : below));
}

inline Bits rounded(const Floats& x) {
  Bits bits;
  for (const float v : x) bits.push_back(rounded(v));
  return bits;
}

// f32 as they are, or rounded to the bits of bf16.
template <class T>
std::vector<T> stored(const Floats& x) {
  if constexpr (std::is_same_v<T, float>) {
    return x;
  } else {
    return rounded(x);
  }
}

}  // namespace check

#endif
