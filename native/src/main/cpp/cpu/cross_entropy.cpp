// Cross-entropy of n rows of logits (n, classes): value, gradient, tangent; the mathematics is in
// rows/cross_entropy_rows.h. Memory floor, 4 n classes bytes each: value 1 (z), gradient 2 (z, gz), tangent 2 (z, tz);
// a row of up to thousands of classes stays in L1 or L2 between its passes.
#include "cpu/clones.h"
#include "cpu/labels.h"
#include "rows/cross_entropy_rows.h"

namespace {

using namespace eider;
using rows::Wide;

// A row's verdict: a label that is no class, or a loss that is not finite; the first one found stays.
EIDER_INLINE void judge(int64_t& status, int64_t row, bool labelled, float loss) {
  if (status == 0 && !labelled) status = bad_label(row);
  if (status == 0 && !std::isfinite(loss)) status = bad_loss(row);
}

EIDER_CLONES int64_t value_rows(int64_t begin, int64_t end, int64_t classes, const float* z, const int32_t* labels,
                                float* losses) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; ++i) {
    const bool labelled = is_class(labels[i], classes);
    losses[i] = labelled ? rows::cross_entropy_row(Wide(), z + i * classes, labels[i], classes) : NAN;
    judge(status, i, labelled, losses[i]);
  }
  return status;
}

EIDER_CLONES int64_t gradient_rows(int64_t begin, int64_t end, int64_t classes, const float* z, const int32_t* labels,
                                   const float* cotangent, float* gz) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; ++i) {
    const bool labelled = is_class(labels[i], classes);
    // Class 0 stands in for a label that is none; the NaN cotangent then marks the whole row.
    const float loss = rows::cross_entropy_gradient_row(Wide(), z + i * classes, labelled ? labels[i] : 0,
                                                        labelled ? cotangent[i] : NAN, classes, gz + i * classes);
    judge(status, i, labelled, loss);
  }
  return status;
}

EIDER_CLONES int64_t tangent_rows(int64_t begin, int64_t end, int64_t classes, const float* z, const int32_t* labels,
                                  const float* tz, float* tlosses) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; ++i) {
    const bool labelled = is_class(labels[i], classes);
    const auto row =
        rows::cross_entropy_tangent_row(Wide(), z + i * classes, tz + i * classes, labelled ? labels[i] : 0, classes);
    tlosses[i] = labelled ? row.tangent : NAN;
    judge(status, i, labelled, row.loss);
  }
  return status;
}

}  // namespace

int64_t eider_cross_entropy_f32(int64_t n, int64_t classes, const float* z, const int32_t* labels, float* losses) {
  return first_bad_row(n, classes,
                       [=](int64_t begin, int64_t end) { return value_rows(begin, end, classes, z, labels, losses); });
}

int64_t eider_cross_entropy_gradient_f32(int64_t n, int64_t classes, const float* z, const int32_t* labels,
                                         const float* cotangent, float* gz) {
  return first_bad_row(n, classes, [=](int64_t begin, int64_t end) {
    return gradient_rows(begin, end, classes, z, labels, cotangent, gz);
  });
}

int64_t eider_cross_entropy_tangent_f32(int64_t n, int64_t classes, const float* z, const int32_t* labels,
                                        const float* tz, float* tlosses) {
  return first_bad_row(n, classes, [=](int64_t begin, int64_t end) {
    return tangent_rows(begin, end, classes, z, labels, tz, tlosses);
  });
}
