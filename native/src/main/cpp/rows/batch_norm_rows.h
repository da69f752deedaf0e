// Batch normalisation's per-channel algebra. With m rows, r = 1/sqrt(variance + epsilon), xhat = (x - mean) r:
//   forward    y  = gamma xhat + beta
//   gradient   gx = gamma r (g - gbeta/m - xhat ggamma/m),  gbeta = sum g,  ggamma = sum g xhat
//   tangent    ty = gamma r (tx - tmean) - gamma r^2 xhat tvariance/2 + tgamma xhat + tbeta,
//              tmean = sum tx / m,  tvariance = 2 sum (x - mean) tx / m      (sum (x - mean) = 0)
// Each is  out = a u + b (x - mean) + c  with (a, b, c) per channel and u = g or tx, so one loop serves all.
#ifndef EIDER_ROWS_BATCH_NORM_ROWS_H
#define EIDER_ROWS_BATCH_NORM_ROWS_H

#include "rows/row_math.h"

namespace eider::rows {

// out = a u + b (x - mean) + c
template <class T>
struct ChannelLinear {
  T a, b, c;
};

template <class T>
EIDER_ROW T inverse_deviation(T variance, T epsilon) {
  using std::sqrt;
  return T(1) / sqrt(variance + epsilon);
}

template <class T>
EIDER_ROW ChannelLinear<T> batch_norm_gradient_channel(T rows, T gamma, T r, T ggamma, T gbeta) {
  const T a = gamma * r;
  return {a, -a * r * ggamma / rows, -a * gbeta / rows};
}

template <class T>
EIDER_ROW ChannelLinear<T> batch_norm_tangent_channel(T gamma, T r, T tgamma, T tbeta, T tmean, T tvariance) {
  const T a = gamma * r;
  return {a, r * (tgamma - a * r * tvariance / T(2)), tbeta - a * tmean};
}

}  // namespace eider::rows

#endif
