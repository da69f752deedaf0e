// pick: y_i = x[i, label_i] (reads one cache line a row); place, its adjoint: x = 0 except x[i, label_i] = y_i (writes
// 4 n classes bytes).
#include <algorithm>

#include "cpu/labels.h"

namespace {

using namespace eider;

int64_t pick_rows(int64_t begin, int64_t end, int64_t classes, const float* x, const int32_t* labels, float* y) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; ++i) {
    const bool labelled = is_class(labels[i], classes);
    y[i] = labelled ? x[i * classes + labels[i]] : NAN;
    if (status == 0 && !labelled) status = bad_label(i);
  }
  return status;
}

int64_t place_rows(int64_t begin, int64_t end, int64_t classes, const float* y, const int32_t* labels, float* x) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; ++i) {
    const bool labelled = is_class(labels[i], classes);
    std::fill_n(x + i * classes, classes, labelled ? 0.0f : NAN);
    if (labelled) x[i * classes + labels[i]] = y[i];
    if (status == 0 && !labelled) status = bad_label(i);
  }
  return status;
}

}  // namespace

int64_t eider_pick_f32(int64_t n, int64_t classes, const float* x, const int32_t* labels, float* y) {
  return first_bad_row(n, classes,
                       [=](int64_t begin, int64_t end) { return pick_rows(begin, end, classes, x, labels, y); });
}

int64_t eider_place_f32(int64_t n, int64_t classes, const float* y, const int32_t* labels, float* x) {
  return first_bad_row(n, classes,
                       [=](int64_t begin, int64_t end) { return place_rows(begin, end, classes, y, labels, x); });
}
