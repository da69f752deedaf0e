// Rows with labels, images with draws: how threads that find bad examples agree on the first one, in whatever order
// they come.
//
// A status word holds ~(2 i + kind) of the smallest example i so far, 0 while there is none: a maximum of integers,
// which does not depend on order, over a word that a memset prepares.
#ifndef EIDER_CUDA_LABELS_H
#define EIDER_CUDA_LABELS_H

#include <cmath>

#include "cuda/device.h"
#include "rows/row_math.h"

namespace eider::cuda {

using Status = unsigned long long;

// No kernel reads labels and draws.
enum Bad { kBadLabel = 0, kBadDraw = 0, kBadLoss = 1 };

EIDER_ROW bool is_class(int32_t label, int64_t classes) { return label >= 0 && label < classes; }

__device__ __forceinline__ void report(Status* status, int64_t row, Bad bad) {
  atomicMax(status, ~(2 * Status(row) + Status(bad)));
}

// 0 done, i + 1 bad label in row i or bad draw of image i, -(i + 1) loss of row i not finite: abi.h.
inline int64_t status_of(uint64_t word) {
  if (word == 0) return 0;
  const uint64_t first = ~word;
  const int64_t row = int64_t(first / 2);
  return first % 2 == kBadLabel ? row + 1 : -(row + 1);
}

}  // namespace eider::cuda

#endif
