// exp, log and two relatives as plain arithmetic, so that a loop over them becomes vector code on any CPU, gives the
// same bits on every instruction set, and needs no math library. exp and log are at most 1 ulp (f32) from the true
// value, all special values and subnormal numbers as in C. Row functions call them unqualified: f32, packs of f32 and
// f64 find these, any other number type brings its own.
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

// What a row function says instead of ?:, x[j] and if, because its number may be a pack of the numbers of many rows; a
// pack brings its own. Both sides are evaluated.
template <class T>
EIDER_ROW T where(bool which, T a, T b) {
  return which ? a : b;
}

template <class T>
EIDER_ROW T pick(const T* x, int64_t j) {
  return x[j];
}

template <class T>
EIDER_ROW void place(T* x, int64_t j, const T& value) {
  x[j] = value;
}

// Of what is the same for all rows.
EIDER_ROW bool holds(bool which) { return which; }

// a b + c with one rounding, where a third of the arithmetic of an exponential is worth a call into the C library on
// processors that have none.
EIDER_ROW float fused(float a, float b, float c) { return std::fma(a, b, c); }

// The type of E for every number in T.
template <class T, class E>
struct Like {
  using Type = E;
};

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
template <class Int>
EIDER_ROW auto power_of_two(Int k) {
  return float_of(typename Like<Int, uint32_t>::Type(k + 127) << 23);
}

// x = k ln 2 + r with |r| <= ln(2)/2;  exp(x) = 2^k * (1 + r + r^2 * q(r)), q a minimax polynomial (Cephes expf).
template <class T>
EIDER_ROW T exp(T x) {
  using Int = typename Like<T, int32_t>::Type;
  // Beyond these the result is infinity or 0 anyway; the comparisons let NaN through.
  x = where(x > 89.0f, T(89.0f), x);
  x = where(x < -104.0f, T(-104.0f), x);
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
  const T shifted = x * 1.44269504f + 12582912.0f;
  const Int k = Int(bits_of(shifted) - 0x4b400000u);
  const T kf = shifted - 12582912.0f;
  const T r = (x - kf * 0.693359375f) - kf * -2.12194440e-4f;
  T q = 1.9875691500e-4f;
  q = q * r + 1.3981999507e-3f;
  q = q * r + 8.3334519073e-3f;
  q = q * r + 4.1665795894e-2f;
  q = q * r + 1.6666665459e-1f;
  q = q * r + 5.0000001201e-1f;
  const T mantissa = 1.0f + (r + r * r * q);
  // Two steps, because 2^k itself may lie outside the normal numbers while the result does not.
  const Int half = k >> 1;
  return mantissa * power_of_two(half) * power_of_two(k - half);
}

// x = 2^k * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2));  s = f / (2 + f);  log(1 + f) = f - f^2/2 + s * (f^2/2 +
// R(s^2)) (FreeBSD e_logf).
template <class T>
EIDER_ROW T log(T x) {
  using Int = typename Like<T, int32_t>::Type;
  const auto subnormal = x < 1.17549435e-38f;
  const T normal = where(subnormal, x * 33554432.0f, x);
  const auto from_half_root = bits_of(normal) - 0x3f3504f3u;
  const Int k = (Int(from_half_root) >> 23) - where(subnormal, Int(25), Int(0));
  const T f = float_of((from_half_root & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  const T s = f / (2.0f + f);
  const T z = s * s;
  const T w = z * z;
  const T r = w * (0.40000972152f + w * 0.24279078841f) + z * (0.66666662693f + w * 0.28498786688f);
  const T half_square = 0.5f * f * f;
  const T kf = T(k);
  T y = kf * 6.9313812256e-01f - ((half_square - (s * (half_square + r) + kf * 9.0580006145e-06f)) - f);
  y = where(x == 0.0f, T(-INFINITY), y);
  y = where(x < 0.0f, T(NAN), y);
  // Infinity and NaN.
  return where(x < INFINITY, y, x);
}

// 2^x for x <= 0, within 1 ulp, but 0 below the normal numbers: two thirds of exp's work, and never the price of
// arithmetic on subnormal numbers. NaN for NaN; for x > 0 any number. x = k + f with |f| <= 1/2; a minimax polynomial.
template <class T>
EIDER_ROW T exp2_down(T x) {
  // Adding 1.5 * 2^23 + 127 rounds to an integer and leaves its exponent's bits lowest; the shift drops all others.
  const T shifted = x + 12583039.0f;
  const T f = x - (shifted - 12583039.0f);
  T q = 1.5353362e-4f;
  q = fused(q, f, T(1.3398874e-3f));
  q = fused(q, f, T(9.6184369e-3f));
  q = fused(q, f, T(5.5503324e-2f));
  q = fused(q, f, T(2.4022648e-1f));
  q = fused(q, f, T(6.9314718e-1f));
  const T scaled = fused(f, q, T(1)) * float_of(bits_of(shifted) << 23);
  return where(x < -126.0f, T(0), scaled);
}

// log((1 + t) / (1 - t)) = 2 (t + t^3/3 + t^5/5 + ...) for 0 <= t <= 1/3, within 1 ulp; a minimax polynomial in t^2.
// With t = x / (2 + x) it is log(1 + x) for 0 <= x <= 1, without 1 + x rounding x away.
template <class T>
EIDER_ROW T log_ratio(T t) {
  const T s = t * t;
  T q = 2.8178334e-1f;
  q = fused(q, s, T(2.7960601e-1f));
  q = fused(q, s, T(4.0024909e-1f));
  q = fused(q, s, T(6.6666317e-1f));
  return fused(t * s, q, 2.0f * t);
}

EIDER_ROW double exp(double x) { return std::exp(x); }
EIDER_ROW double log(double x) { return std::log(x); }
EIDER_ROW double exp2_down(double x) { return std::exp2(x); }
EIDER_ROW double log_ratio(double t) { return 2 * std::atanh(t); }

constexpr double kLog2E = 1.4426950408889634;

}  // namespace eider::rows

#endif
