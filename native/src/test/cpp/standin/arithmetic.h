// The arithmetic of the libraries: sums in double, rounded once, and the two ways in which a device is less exact.
#ifndef EIDER_STANDIN_ARITHMETIC_H
#define EIDER_STANDIN_ARITHMETIC_H

#include <cmath>
#include <cstdint>
#include <cstring>

#include "cpu/clones.h"

namespace standin {

// sums[i] += scale * row[i]. A product of two floats is exact in double.
EIDER_INLINE void add_scaled(int64_t n, double scale, const float* row, double* sums) {
  EIDER_SIMD
  for (int64_t i = 0; i < n; ++i) sums[i] += scale * double(row[i]);
}

// To TF32's 10 bits of mantissa.
inline float tf32(float x) {
  if (!std::isfinite(x)) return x;
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits = (bits + 0x1000) & ~uint32_t(0x1fff);
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// To bf16's 7 bits of mantissa, ties to even, and the number that such bits are.
inline uint16_t bfloat16(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  if (std::isnan(x)) return uint16_t(bits >> 16 | 0x40);
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
inline float of_bfloat16(uint16_t x) {
  const uint32_t bits = uint32_t(x) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// The element's last bit as one of many orders of summation might leave it.
inline float disturbed(float x, uint64_t call, uint64_t element) {
  if (!std::isnormal(x)) return x;
  uint64_t noise = (call * 0x9e3779b97f4a7c15) ^ (element * 0xbf58476d1ce4e5b9);
  noise ^= noise >> 31;
  noise *= 0x94d049bb133111eb;
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits ^= uint32_t(noise >> 63);
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// alpha * sum + beta * old, where a beta of 0 does not look at what is there.
inline float blended(double sum, float alpha, float beta, const float* old) {
  return float(alpha * sum + (beta == 0 ? 0 : double(beta) * double(*old)));
}

}  // namespace standin

#endif
