// A window of an image that is padded by reflection, which does not repeat the edge: column -1 is column 1.
#ifndef EIDER_ROWS_WINDOW_H
#define EIDER_ROWS_WINDOW_H

#include "rows/row_math.h"

namespace eider::rows {

// Whether top, left and flip are a window as large as the image, within the image padded by pad.
EIDER_ROW bool is_window(const int32_t* draw, int pad) {
  const int32_t top = draw[0], left = draw[1], flip = draw[2];
  return top >= 0 && top <= 2 * pad && left >= 0 && left <= 2 * pad && (flip == 0 || flip == 1);
}

// Which of `size` places a place outside them is, at most size - 1 away.
EIDER_ROW int reflected(int at, int size) {
  const int inside = at < 0 ? -at : at;
  return inside < size ? inside : 2 * (size - 1) - inside;
}

}  // namespace eider::rows

#endif
