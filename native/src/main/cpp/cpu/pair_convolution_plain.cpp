// The loops of the convolution by pairs with two products in f32 in the place of one of pairs: what tests compare, and
// sanitizers watch, on any machine.
#include "rows/bfloat16.h"

#define EIDER_ISA plain
#include "cpu/pair_vectors.h"

namespace eider::plain {

EIDER_INLINE Floats multiply_add(Pairs a, Pairs b, Floats sums) {
  const Pairs high = Pairs{} + 0xffff0000;
  return sums + (Floats)(a << 16) * (Floats)(b << 16) + (Floats)(a & high) * (Floats)(b & high);
}

EIDER_INLINE Words narrow(Floats x) {
  rows::BFloat16 narrowed[16];
  for (int i = 0; i < 16; ++i) narrowed[i] = x[i];
  return load_words(&narrowed[0].bits);
}

}  // namespace eider::plain

#include "cpu/pair_convolution_loops.h"
#include "cpu/pair_gradient_loops.h"
