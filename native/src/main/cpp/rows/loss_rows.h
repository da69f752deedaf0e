// What the rows of every loss give besides arrays. A loss L is a struct of its numbers; loss_row, loss_gradient_row,
// loss_tangent_row and loss_meta_gradient_row are overloaded on it.
#ifndef EIDER_ROWS_LOSS_ROWS_H
#define EIDER_ROWS_LOSS_ROWS_H

#include "rows/lanes.h"

namespace eider::rows {

template <class T>
struct LossTangent {
  T loss, tangent;
};

template <class T>
struct MetaGradient {
  T loss, tangent;
  T weight;  // final: w_y + epsilon
};

}  // namespace eider::rows

#endif
