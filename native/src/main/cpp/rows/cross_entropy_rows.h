// Cross-entropy of one row of logits z (classes) with its label y, in nats.
//   value      L = logsumexp(z) - z_y
//   gradient   dL/dz_j = p_j - [j = y],  p = softmax(z)
//   tangent    dL = sum_j p_j (t_j - t_y)
// Shifted by the largest logit, so finite logits of any size are safe: the largest exponential is exp(0) = 1.
#ifndef EIDER_ROWS_CROSS_ENTROPY_ROWS_H
#define EIDER_ROWS_CROSS_ENTROPY_ROWS_H

#include "rows/lanes.h"

namespace eider::rows {

template <class T>
struct LogSumExp {
  T top;  // largest logit
  T sum;  // sum_j exp(z_j - top), in [1, classes]
};

template <class Lane, class T>
EIDER_ROW LogSumExp<T> log_sum_exp_row(const Lane& lane, const T* z, int64_t classes) {
  const T top = lane.max(classes, [=](int64_t j) EIDER_ROW_LAMBDA { return z[j]; });
  const T sum = lane.sum(classes, [=](int64_t j) EIDER_ROW_LAMBDA { return exp(z[j] - top); });
  return {top, sum};
}

// The difference first: with logits of 1e4, top + log(sum) would round away the digits that the loss consists of.
template <class T>
EIDER_ROW T loss_of(const LogSumExp<T>& s, const T& logit_of_label) {
  return log(s.sum) + (s.top - logit_of_label);
}

template <class Lane, class T>
EIDER_ROW T cross_entropy_row(const Lane& lane, const T* z, int64_t label, int64_t classes) {
  return loss_of(log_sum_exp_row(lane, z, classes), z[label]);
}

// gz may be z. Returns the loss, which has cost only a logarithm by then.
template <class Lane, class T>
EIDER_ROW T cross_entropy_gradient_row(const Lane& lane, const T* z, int64_t label, T cotangent, int64_t classes,
                                       T* gz) {
  const LogSumExp<T> s = log_sum_exp_row(lane, z, classes);
  const T loss = loss_of(s, z[label]);
  lane.each(classes, [=](int64_t j) EIDER_ROW_LAMBDA {
    const T p = exp(z[j] - s.top) / s.sum;
    gz[j] = cotangent * (j == label ? p - T(1) : p);
  });
  return loss;
}

template <class T>
struct LossTangent {
  T loss, tangent;
};

// Sums p_j (t_j - t_y) rather than p.t and subtracting t_y: no cancellation when the label's probability is near 1.
template <class Lane, class T>
EIDER_ROW LossTangent<T> cross_entropy_tangent_row(const Lane& lane, const T* z, const T* t, int64_t label,
                                                   int64_t classes) {
  const LogSumExp<T> s = log_sum_exp_row(lane, z, classes);
  const T t_label = t[label];
  const T weighted =
      lane.sum(classes, [=](int64_t j) EIDER_ROW_LAMBDA { return exp(z[j] - s.top) * (t[j] - t_label); });
  return {loss_of(s, z[label]), weighted / s.sum};
}

}  // namespace eider::rows

#endif
