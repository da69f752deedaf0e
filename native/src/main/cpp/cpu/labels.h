// Rows with labels, images with draws: shares them out and finds the first bad one, the same for every number of
// threads.
#ifndef EIDER_CPU_LABELS_H
#define EIDER_CPU_LABELS_H

#include <cmath>
#include <cstdlib>

#include "cpu/parallel.h"

namespace eider {

// 0 done, i + 1 bad label in row i or bad draw of image i, -(i + 1) loss of row i not finite: abi.h.
inline int64_t bad_label(int64_t row) { return row + 1; }
inline int64_t bad_draw(int64_t image) { return image + 1; }
inline int64_t bad_loss(int64_t row) { return -(row + 1); }

inline bool is_class(int32_t label, int64_t classes) { return label >= 0 && label < classes; }

// Range(begin, end) walks the rows in order and returns the status of its first bad row. Returns the first over all.
template <class RowRange>
int64_t first_bad_row(int64_t n, int64_t classes, RowRange range) {
  // No classes: no label is one.
  if (classes < 1) return n > 0 ? bad_label(0) : 0;
  const int threads = threads_for(n * classes, n);
  if (threads == 1) return range(int64_t(0), n);
  int64_t status = 0;
#pragma omp parallel num_threads(threads)
  {
    const Range mine = my_share(n);
    const int64_t found = range(mine.begin, mine.end);
#pragma omp critical
    if (found != 0 && (status == 0 || std::abs(found) < std::abs(status))) status = found;
  }
  return status;
}

}  // namespace eider

#endif
