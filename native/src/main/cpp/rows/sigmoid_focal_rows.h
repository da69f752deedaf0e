// Sigmoid focal loss of one row of logits z (classes) with its label y, in nats (Cui et al. 2019): one binary focal
// loss a class, added up. With v_j = z_j for the label, -z_j for any other class, q = sigmoid(v) and a = 1 - q:
//   value      L = sum_j a^gamma (-log q)
//   gradient   dL/dv = -a^gamma (gamma q (-log q) + a),   dL/dz_j = dL/dv_j for the label, -dL/dv_j for the others
//   tangent    dL = sum_j dL/dz_j t_j
// All from e = exp(-|v|): -log q = max(-v, 0) + log1p(e), -log a = max(v, 0) + log1p(e), so finite logits of any size
// are safe and a^gamma = exp(-gamma (-log a)) has no power of a rounded number.
#ifndef EIDER_ROWS_SIGMOID_FOCAL_ROWS_H
#define EIDER_ROWS_SIGMOID_FOCAL_ROWS_H

#include "rows/loss_rows.h"

namespace eider::rows {

template <class T>
struct SigmoidFocalLoss {
  T gamma;
};

// a^gamma (-log q) and its derivative in v.
template <class T>
struct SigmoidFocalTerm {
  T loss, slope;
};

template <class T>
EIDER_ROW SigmoidFocalTerm<T> sigmoid_focal_term(const SigmoidFocalLoss<T>& loss, const T& v) {
  const T right = where(v > T(0), v, T(0));
  const T left = where(v > T(0), T(0), -v);
  const T e = exp2_down(-T(kLog2E) * (left + right));
  // One division for two: 1/(1 + e) and e/(2 + e).
  const T one = T(1) + e, two = T(2) + e;
  const T inverse = T(1) / (one * two);
  const T major = two * inverse;
  const T minor = e * major;
  const T shared = log_ratio(e * (one * inverse));
  const T q = where(v > T(0), major, minor);
  const T a = where(v > T(0), minor, major);
  const T minus_log_q = shared + left;
  // A class masked by -infinity loses nothing, with gamma = 0 too.
  const T minus_log_a = shared + where(right > T(1e30), T(1e30), right);
  const T modulator = exp2_down(-(loss.gamma * T(kLog2E)) * minus_log_a);
  return {modulator * minus_log_q, -modulator * (loss.gamma * q * minus_log_q + a)};
}

template <class Lane, class T, class Label>
EIDER_ROW T loss_row(const Lane& lane, const SigmoidFocalLoss<T>& loss, const T* z, const Label& label, T,
                     int64_t classes) {
  const T others =
      lane.sum(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA { return sigmoid_focal_term(loss, -z[j]).loss; });
  return others + sigmoid_focal_term(loss, pick(z, label)).loss;
}

// gz = cotangent dL/dz; it may be z. Returns the loss.
template <class Lane, class T, class Label>
EIDER_ROW T loss_gradient_row(const Lane& lane, const SigmoidFocalLoss<T>& loss, const T* z, const Label& label, T,
                              T cotangent, int64_t classes, T* gz) {
  const SigmoidFocalTerm<T> own = sigmoid_focal_term(loss, pick(z, label));
  const T others = lane.sum(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA {
    const SigmoidFocalTerm<T> term = sigmoid_focal_term(loss, -z[j]);
    gz[j] = -cotangent * term.slope;
    return term.loss;
  });
  lane.at(label, [=]() EIDER_ROW_LAMBDA { place(gz, label, cotangent * own.slope); });
  return others + own.loss;
}

template <class Lane, class T, class Label>
EIDER_ROW LossTangent<T> loss_tangent_row(const Lane& lane, const SigmoidFocalLoss<T>& loss, const T* z, const T* t,
                                          const Label& label, T, int64_t classes) {
  const SigmoidFocalTerm<T> own = sigmoid_focal_term(loss, pick(z, label));
  const Two<T> others = lane.sums(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA {
    const SigmoidFocalTerm<T> term = sigmoid_focal_term(loss, -z[j]);
    return Two<T>{term.loss, -term.slope * t[j]};
  });
  return {others.first + own.loss, others.second + own.slope * pick(t, label)};
}

// The tangent first, then gz = (weight + step tangent) share dL/dz. gz may be z or t.
template <class Lane, class T, class Label>
EIDER_ROW MetaGradient<T> loss_meta_gradient_row(const Lane& lane, const SigmoidFocalLoss<T>& loss, const T* z,
                                                 const T* t, const Label& label, T, T weight, T step, T share,
                                                 int64_t classes, T* gz) {
  const SigmoidFocalTerm<T> own = sigmoid_focal_term(loss, pick(z, label));
  const T t_label = pick(t, label);
  const Two<T> others = lane.sums(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA {
    const SigmoidFocalTerm<T> term = sigmoid_focal_term(loss, -z[j]);
    const T moved = -term.slope * t[j];
    gz[j] = -term.slope;
    return Two<T>{term.loss, moved};
  });
  lane.at(label, [=]() EIDER_ROW_LAMBDA { place(gz, label, own.slope); });
  const T tangent = others.second + own.slope * t_label;
  const T corrected = weight + step * tangent;
  const T factor = corrected * share;
  lane.each(classes, [=](int64_t j) EIDER_ROW_LAMBDA { gz[j] = factor * gz[j]; });
  return {others.first + own.loss, tangent, corrected};
}

}  // namespace eider::rows

#endif
