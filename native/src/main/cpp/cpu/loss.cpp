// Losses of n rows of logits (n, classes) with their labels: value, gradient, tangent, meta-gradient; the mathematics
// is in rows/. Memory floor, 4 n classes bytes each: value 1 (z), gradient 2 (z, gz), tangent 2 (z, tz), meta-gradient
// 3 (z, tz, gz); a row of up to thousands of classes stays in L1 or L2 between its passes.
#include "cpu/clones.h"
#include "cpu/labels.h"
#include "cpu/walks.h"
#include "rows/sigmoid_focal_rows.h"
#include "rows/softmax_loss_rows.h"

namespace {

using namespace eider;
using Softmax = rows::SoftmaxLoss<float>;
using SigmoidFocal = rows::SigmoidFocalLoss<float>;

// What every kernel reads.
struct Batch {
  int64_t classes;
  const float* z;
  const int32_t* labels;
  const float* margins;  // may be NULL

  EIDER_INLINE bool narrow() const { return classes <= SideBySide::kColumns; }
  EIDER_INLINE bool labelled(int64_t row) const { return is_class(labels[row], classes); }
  // Class 0 stands in for a label that is none.
  template <class Rows>
  EIDER_INLINE auto label(const Rows& rows) const {
    return rows.label([&](int64_t row) EIDER_LAMBDA { return labelled(row) ? labels[row] : 0; });
  }
  template <class Rows>
  EIDER_INLINE auto margin(const Rows& rows) const {
    return rows.get([&](int64_t row) EIDER_LAMBDA { return margins == nullptr ? 0.0f : margins[row]; });
  }
  // What a gradient is multiplied by: with a bad label the NaN marks the whole row.
  template <class Rows>
  EIDER_INLINE auto or_nan(const Rows& rows, const float* x) const {
    return rows.get([&](int64_t row) EIDER_LAMBDA { return labelled(row) ? x[row] : NAN; });
  }

  // The status after one row more: of a bad label, or of a loss that is not finite; the first one found stays.
  EIDER_INLINE int64_t judged(int64_t status, int64_t row, float loss) const {
    if (status != 0) return status;
    if (!labelled(row)) return bad_label(row);
    return std::isfinite(loss) ? 0 : bad_loss(row);
  }
};

// A family with T's numbers.
template <class T>
EIDER_INLINE rows::SoftmaxLoss<T> with(const Softmax& loss) {
  return {loss.gamma, loss.scale};
}
template <class T>
EIDER_INLINE rows::SigmoidFocalLoss<T> with(const SigmoidFocal& loss) {
  return {loss.gamma};
}

template <class Rows, class Loss>
EIDER_INLINE int64_t value_rows(int64_t begin, int64_t end, const Loss& loss, const Batch& batch, float* losses) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; i += Rows::kRows) {
    const Rows rows(i, end, batch.classes);
    typename Rows::Columns z;
    const auto value = loss_row(rows.lane(batch.z), with<typename Rows::T>(loss), rows.read(batch.z, z),
                                batch.label(rows), batch.margin(rows), batch.classes);
    rows.each([&](int64_t row, int64_t k) EIDER_LAMBDA {
      losses[row] = batch.labelled(row) ? rows.at(value, k) : NAN;
      status = batch.judged(status, row, rows.at(value, k));
    });
  }
  return status;
}

template <class Rows, class Loss>
EIDER_INLINE int64_t gradient_rows(int64_t begin, int64_t end, const Loss& loss, const Batch& batch,
                                   const float* cotangent, float* gz) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; i += Rows::kRows) {
    const Rows rows(i, end, batch.classes);
    typename Rows::Columns z, g;
    const auto value =
        loss_gradient_row(rows.writing(gz), with<typename Rows::T>(loss), rows.read(batch.z, z), batch.label(rows),
                          batch.margin(rows), batch.or_nan(rows, cotangent), batch.classes, rows.target(gz, g));
    rows.write(gz, g);
    rows.each([&](int64_t row, int64_t k) EIDER_LAMBDA { status = batch.judged(status, row, rows.at(value, k)); });
  }
  return status;
}

template <class Rows, class Loss>
EIDER_INLINE int64_t tangent_rows(int64_t begin, int64_t end, const Loss& loss, const Batch& batch, const float* tz,
                                  float* tlosses) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; i += Rows::kRows) {
    const Rows rows(i, end, batch.classes);
    typename Rows::Columns z, t;
    const auto both = loss_tangent_row(rows.lane(batch.z), with<typename Rows::T>(loss), rows.read(batch.z, z),
                                       rows.read(tz, t), batch.label(rows), batch.margin(rows), batch.classes);
    rows.each([&](int64_t row, int64_t k) EIDER_LAMBDA {
      tlosses[row] = batch.labelled(row) ? rows.at(both.tangent, k) : NAN;
      status = batch.judged(status, row, rows.at(both.loss, k));
    });
  }
  return status;
}

// What the meta-gradient reads and writes besides.
struct Correction {
  const float *tz, *class_weights;
  float step, share;
  float *tlosses, *weights, *gz;
};

template <class Rows, class Loss>
EIDER_INLINE int64_t meta_gradient_rows(int64_t begin, int64_t end, const Loss& loss, const Batch& batch,
                                        const Correction& c) {
  using T = typename Rows::T;
  int64_t status = 0;
  for (int64_t i = begin; i < end; i += Rows::kRows) {
    const Rows rows(i, end, batch.classes);
    typename Rows::Columns z, t, g;
    const auto all =
        loss_meta_gradient_row(rows.writing(c.gz), with<T>(loss), rows.read(batch.z, z), rows.read(c.tz, t),
                               batch.label(rows), batch.margin(rows), batch.or_nan(rows, c.class_weights), T(c.step),
                               T(c.share), batch.classes, rows.target(c.gz, g));
    rows.write(c.gz, g);
    rows.each([&](int64_t row, int64_t k) EIDER_LAMBDA {
      c.tlosses[row] = batch.labelled(row) ? rows.at(all.tangent, k) : NAN;
      c.weights[row] = rows.at(all.weight, k);
      status = batch.judged(status, row, rows.at(all.loss, k));
    });
  }
  return status;
}

// The cloned functions: one for each kernel and family of losses.
#define EIDER_LOSS_CLONES(Loss)                                                                                   \
  EIDER_CLONES int64_t value(int64_t begin, int64_t end, const Loss& loss, const Batch& batch, float* losses) {   \
    return batch.narrow() ? value_rows<SideBySide>(begin, end, loss, batch, losses)                               \
                          : value_rows<OneByOne>(begin, end, loss, batch, losses);                                \
  }                                                                                                               \
  EIDER_CLONES int64_t gradient(int64_t begin, int64_t end, const Loss& loss, const Batch& batch,                 \
                                const float* cotangent, float* gz) {                                              \
    return batch.narrow() ? gradient_rows<SideBySide>(begin, end, loss, batch, cotangent, gz)                     \
                          : gradient_rows<OneByOne>(begin, end, loss, batch, cotangent, gz);                      \
  }                                                                                                               \
  EIDER_CLONES int64_t tangent(int64_t begin, int64_t end, const Loss& loss, const Batch& batch, const float* tz, \
                               float* tlosses) {                                                                  \
    return batch.narrow() ? tangent_rows<SideBySide>(begin, end, loss, batch, tz, tlosses)                        \
                          : tangent_rows<OneByOne>(begin, end, loss, batch, tz, tlosses);                         \
  }                                                                                                               \
  EIDER_CLONES int64_t meta_gradient(int64_t begin, int64_t end, const Loss& loss, const Batch& batch,            \
                                     const Correction& correction) {                                              \
    return batch.narrow() ? meta_gradient_rows<SideBySide>(begin, end, loss, batch, correction)                   \
                          : meta_gradient_rows<OneByOne>(begin, end, loss, batch, correction);                    \
  }
EIDER_LOSS_CLONES(Softmax)
EIDER_LOSS_CLONES(SigmoidFocal)

// Shares the rows out; kernel(begin, end, loss) runs the clone for the loss's family.
template <class Kernel>
int64_t run(int loss, float parameter, int64_t n, int64_t classes, Kernel kernel) {
  const auto rows_of = [=](auto family) {
    return first_bad_row(n, classes, [=](int64_t begin, int64_t end) { return kernel(begin, end, family); });
  };
  switch (loss) {
    case EIDER_FOCAL:
      return rows_of(Softmax{parameter, 1.0f});
    case EIDER_SIGMOID_FOCAL:
      return rows_of(SigmoidFocal{parameter});
    case EIDER_LDAM:
      return rows_of(Softmax{0.0f, parameter});
    default:
      return rows_of(Softmax{0.0f, 1.0f});
  }
}

}  // namespace

int64_t eider_loss_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z, const int32_t* labels,
                       const float* margins, float* losses) {
  const Batch batch{classes, z, labels, margins};
  return run(loss, parameter, n, classes,
             [=](int64_t begin, int64_t end, const auto& family) { return value(begin, end, family, batch, losses); });
}

int64_t eider_loss_gradient_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                const int32_t* labels, const float* margins, const float* cotangent, float* gz) {
  const Batch batch{classes, z, labels, margins};
  return run(loss, parameter, n, classes, [=](int64_t begin, int64_t end, const auto& family) {
    return gradient(begin, end, family, batch, cotangent, gz);
  });
}

int64_t eider_loss_tangent_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                               const int32_t* labels, const float* margins, const float* tz, float* tlosses) {
  const Batch batch{classes, z, labels, margins};
  return run(loss, parameter, n, classes, [=](int64_t begin, int64_t end, const auto& family) {
    return tangent(begin, end, family, batch, tz, tlosses);
  });
}

int64_t eider_loss_meta_gradient_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                     const int32_t* labels, const float* margins, const float* tz,
                                     const float* class_weights, const float* step, float* tlosses, float* weights,
                                     float* gz) {
  const Batch batch{classes, z, labels, margins};
  const Correction correction{tz, class_weights, step[0], 1.0f / float(n), tlosses, weights, gz};
  return run(loss, parameter, n, classes, [=](int64_t begin, int64_t end, const auto& family) {
    return meta_gradient(begin, end, family, batch, correction);
  });
}
