// exp, log and two relatives as plain arithmetic, so that a loop over them becomes vector code on any CPU, gives the
// same bits on every instruction set, and needs no math library. exp and log are at most 1 ulp (f32) from the true
// value, all special values and subnormal numbers as in C. Row functions call them unqualified: f32 and f64 find these,
// any other number type brings its own.
#ifndef EIDER_ROWS_ROW_MATH_H
#define EIDER_ROWS_ROW_MATH_H

#include <cmath>
#include <cstdint>
#include <cstring>

#ifdef __CUDACC__
#define EIDER_ROW __host__ __device__ __forceinline__
#define EIDER_ROW_LAMBDA
#else
#define EIDER_ROW inline __attribute__((always_inline))
#define EIDER_ROW_LAMBDA __attribute__((always_inline))
#endif

namespace eider::rows {

EIDER_ROW uint32_t bits_of(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

EIDER_ROW float float_of(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// 2^k for -126 <= k <= 127.
EIDER_ROW float power_of_two(int32_t k) { return float_of(uint32_t(k + 127) << 23); }

// x = k ln 2 + r with |r| <= ln(2)/2;  exp(x) = 2^k * (1 + r + r^2 * q(r)), q a minimax polynomial (Cephes expf).
EIDER_ROW float exp(float x) {
  // Beyond these the result is infinity or 0 anyway; the comparisons let NaN through.
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
  const float shifted = x * 1.44269504f + 12582912.0f;
  const int32_t k = int32_t(bits_of(shifted) - 0x4b400000u);
  const float kf = shifted - 12582912.0f;
  const float r = (x - kf * 0.693359375f) - kf * -2.12194440e-4f;
  float q = 1.9875691500e-4f;
  q = q * r + 1.3981999507e-3f;
  q = q * r + 8.3334519073e-3f;
  q = q * r + 4.1665795894e-2f;
  q = q * r + 1.6666665459e-1f;
  q = q * r + 5.0000001201e-1f;
  const float mantissa = 1.0f + (r + r * r * q);
  // Two steps, because 2^k itself may lie outside the normal numbers while the result does not.
  const int32_t half = k >> 1;
  return mantissa * power_of_two(half) * power_of_two(k - half);
}

// x = 2^k * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2));  s = f / (2 + f);  log(1 + f) = f - f^2/2 + s * (f^2/2 +
// R(s^2)) (FreeBSD e_logf).
EIDER_ROW float log(float x) {
  const bool subnormal = x < 1.17549435e-38f;
  const float normal = subnormal ? x * 33554432.0f : x;
  const uint32_t from_half_root = bits_of(normal) - 0x3f3504f3u;
  const int32_t k = (int32_t(from_half_root) >> 23) - (subnormal ? 25 : 0);
  const float f = float_of((from_half_root & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  const float s = f / (2.0f + f);
  const float z = s * s;
  const float w = z * z;
  const float r = w * (0.40000972152f + w * 0.24279078841f) + z * (0.66666662693f + w * 0.28498786688f);
  const float half_square = 0.5f * f * f;
  const float kf = float(k);
  float y = kf * 6.9313812256e-01f - ((half_square - (s * (half_square + r) + kf * 9.0580006145e-06f)) - f);
  y = x == 0.0f ? -INFINITY : y;
  y = x < 0.0f ? NAN : y;
  // Infinity and NaN.
  return x < INFINITY ? y : x;
}

// 2^x for x <= 0, within 1.25 ulp, but 0 below the normal numbers: two thirds of exp's work, and never the price of
// arithmetic on subnormal numbers. NaN for NaN; for x > 0 any number. x = k + f with |f| <= 1/2; a minimax polynomial.
EIDER_ROW float exp2_down(float x) {
  // Adding 1.5 * 2^23 + 127 rounds to an integer and leaves its exponent's bits lowest; the shift drops all others.
  const float shifted = x + 12583039.0f;
  const float f = x - (shifted - 12583039.0f);
  float q = 1.5353362e-4f;
  q = q * f + 1.3398874e-3f;
  q = q * f + 9.6184369e-3f;
  q = q * f + 5.5503324e-2f;
  q = q * f + 2.4022648e-1f;
  q = q * f + 6.9314718e-1f;
  const float scaled = (1.0f + f * q) * float_of(bits_of(shifted) << 23);
  return x < -126.0f ? 0.0f : scaled;
}

// log((1 + t) / (1 - t)) = 2 (t + t^3/3 + t^5/5 + ...) for 0 <= t <= 1/3, within 2 ulp; a minimax polynomial in t^2.
// With t = x / (2 + x) it is log(1 + x) for 0 <= x <= 1, without 1 + x rounding x away.
EIDER_ROW float log_ratio(float t) {
  const float s = t * t;
  float q = 2.8178334e-1f;
  q = q * s + 2.7960601e-1f;
  q = q * s + 4.0024909e-1f;
  q = q * s + 6.6666317e-1f;
  return 2.0f * t + t * s * q;
}

EIDER_ROW double exp(double x) { return std::exp(x); }
EIDER_ROW double log(double x) { return std::log(x); }
EIDER_ROW double exp2_down(double x) { return std::exp2(x); }
EIDER_ROW double log_ratio(double t) { return 2 * std::atanh(t); }

constexpr double kLog2E = 1.4426950408889634;

}  // namespace eider::rows

#endif
