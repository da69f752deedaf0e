// The losses of one row of logits z (classes) with its label y that are functions of a softmax's cross-entropy, in
// nats. With e = one-hot(y), a = s (z - m e), p = softmax(a), l = logsumexp(a) - a_y and u = 1 - p_y:
//   value      L = u^gamma l                                           gradient in the margin m: -dL/dz_y
//   gradient   dL/dz_j = f s (p_j - [j = y]),   f = dL/dl = u^gamma + gamma p_y u^(gamma - 1) l
//   tangent    dL = f s sum_j p_j (t_j - t_y)
// Cross-entropy is gamma = 0, s = 1, m = 0; focal loss (Lin et al. 2017, softmax form) has a gamma >= 0; LDAM (Cao et
// al. 2019) has a scale s > 0 and a margin m. Shifted by the largest of a, so finite logits of any size are safe: no
// exponential exceeds 1. The label's column is kept apart from the others, whose sum gives u without cancellation.
#ifndef EIDER_ROWS_SOFTMAX_LOSS_ROWS_H
#define EIDER_ROWS_SOFTMAX_LOSS_ROWS_H

#include "rows/loss_rows.h"

namespace eider::rows {

template <class T>
struct SoftmaxLoss {
  T gamma;
  T scale;
};

// What is known of a row before its exponentials are added: e_j = exp(s (z_j - top)) = 2^(rate (z_j - top)).
template <class T>
struct SoftmaxTop {
  T top, rate;
  T gap;  // s (top - (z_y - m))
  T own;  // the label's exponential

  // At the label anything.
  EIDER_ROW T exponential(const T& z) const { return exp2_down(rate * (z - top)); }
};

template <class Lane, class T, class Label>
EIDER_ROW SoftmaxTop<T> softmax_top_row(const Lane& lane, const SoftmaxLoss<T>& loss, const T* z, const Label& label,
                                        const T& margin, int64_t classes) {
  const T own = pick(z, label) - margin;
  const T top = larger(lane.max(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA { return z[j]; }), own);
  const T rate = loss.scale * T(kLog2E);
  return {top, rate, loss.scale * (top - own), exp2_down(rate * (own - top))};
}

// What follows from the sum over the others.
template <class T>
struct SoftmaxParts {
  T loss;     // L
  T slope;    // f s
  T inverse;  // 1 / sum of all exponentials
};

template <class T>
EIDER_ROW SoftmaxParts<T> softmax_parts(const SoftmaxLoss<T>& loss, const SoftmaxTop<T>& row, const T& others) {
  const T inverse = T(1) / (others + row.own);
  const T u = others * inverse;
  // With logits of 1e4, top + log(sum) would round away the digits that the loss consists of; where p_y is near 1,
  // log(sum) would round away u.
  const T entropy = where(u > T(0.5), row.gap - log(inverse), log_ratio(others / (others + T(2) * row.own)));
  if (!holds(loss.gamma > T(0))) return {entropy, loss.scale, inverse};
  const T power = exp(loss.gamma * log(u));
  // l/u before it meets u^gamma, which keeps the product finite as u goes to 0.
  const T ratio = where(u > T(0), entropy / u, T(1));
  return {power * entropy, loss.scale * power * (T(1) + loss.gamma * (row.own * inverse) * ratio), inverse};
}

template <class Lane, class T, class Label>
EIDER_ROW T loss_row(const Lane& lane, const SoftmaxLoss<T>& loss, const T* z, const Label& label, T margin,
                     int64_t classes) {
  const SoftmaxTop<T> row = softmax_top_row(lane, loss, z, label, margin, classes);
  const T others = lane.sum(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA { return row.exponential(z[j]); });
  return softmax_parts(loss, row, others).loss;
}

// gz holds the exponentials: gz_j = slope p_j, and for the label -slope u.
template <class Lane, class T, class Label>
EIDER_ROW void softmax_scale_row(const Lane& lane, const SoftmaxParts<T>& parts, const T& others, const T& slope,
                                 const Label& label, int64_t classes, T* gz) {
  const T factor = slope * parts.inverse;
  lane.at(label, [=]() EIDER_ROW_LAMBDA { place(gz, label, -others); });
  lane.each(classes, [=](int64_t j) EIDER_ROW_LAMBDA { gz[j] = factor * gz[j]; });
}

// gz = cotangent dL/dz; it may be z. Returns the loss, which has cost only a logarithm by then.
template <class Lane, class T, class Label>
EIDER_ROW T loss_gradient_row(const Lane& lane, const SoftmaxLoss<T>& loss, const T* z, const Label& label, T margin,
                              T cotangent, int64_t classes, T* gz) {
  const SoftmaxTop<T> row = softmax_top_row(lane, loss, z, label, margin, classes);
  const T others = lane.sum(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA {
    const T e = row.exponential(z[j]);
    gz[j] = e;
    return e;
  });
  const SoftmaxParts<T> parts = softmax_parts(loss, row, others);
  softmax_scale_row(lane, parts, others, cotangent * parts.slope, label, classes, gz);
  return parts.loss;
}

// Sums p_j (t_j - t_y) rather than p.t and subtracting t_y: no cancellation when the label's probability is near 1.
template <class Lane, class T, class Label>
EIDER_ROW LossTangent<T> loss_tangent_row(const Lane& lane, const SoftmaxLoss<T>& loss, const T* z, const T* t,
                                          const Label& label, T margin, int64_t classes) {
  const SoftmaxTop<T> row = softmax_top_row(lane, loss, z, label, margin, classes);
  const T t_label = pick(t, label);
  const Two<T> sums = lane.sums(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA {
    const T e = row.exponential(z[j]);
    return Two<T>{e, e * (t[j] - t_label)};
  });
  const SoftmaxParts<T> parts = softmax_parts(loss, row, sums.first);
  return {parts.loss, parts.slope * parts.inverse * sums.second};
}

// The tangent first, then gz = (weight + step tangent) share dL/dz, all from one sum of exponentials. gz may be z or t.
template <class Lane, class T, class Label>
EIDER_ROW MetaGradient<T> loss_meta_gradient_row(const Lane& lane, const SoftmaxLoss<T>& loss, const T* z, const T* t,
                                                 const Label& label, T margin, T weight, T step, T share,
                                                 int64_t classes, T* gz) {
  const SoftmaxTop<T> row = softmax_top_row(lane, loss, z, label, margin, classes);
  const T t_label = pick(t, label);
  const Two<T> sums = lane.sums(classes, label, [=](int64_t j) EIDER_ROW_LAMBDA {
    const T e = row.exponential(z[j]);
    const T moved = e * (t[j] - t_label);
    gz[j] = e;
    return Two<T>{e, moved};
  });
  const SoftmaxParts<T> parts = softmax_parts(loss, row, sums.first);
  const T tangent = parts.slope * parts.inverse * sums.second;
  const T corrected = weight + step * tangent;
  softmax_scale_row(lane, parts, sums.first, corrected * share * parts.slope, label, classes, gz);
  return {parts.loss, tangent, corrected};
}

}  // namespace eider::rows

#endif
