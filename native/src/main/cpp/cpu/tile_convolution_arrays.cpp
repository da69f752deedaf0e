// The loops of the convolution by tiles with arrays in the place of the processor's tiles: what tests compare, and
// sanitizers watch, on any machine.
#include "cpu/tile_convolution.h"
#include "rows/bfloat16.h"

#define EIDER_ISA arrays
#include "cpu/pair_vectors.h"

namespace eider::arrays {

using rows::BFloat16;
using rows::bfloats;

class Tiles {
 public:
  template <int kTile>
  void zero() {
    __builtin_memset(tiles_[kTile], 0, 1024);
  }
  template <int kTile>
  void load(const void* p, int64_t stride) {
    for (int i = 0; i < 16; ++i) __builtin_memcpy(tiles_[kTile] + i * 64, static_cast<const char*>(p) + i * stride, 64);
  }
  template <int kTile>
  void store(void* p, int64_t stride) {
    for (int i = 0; i < 16; ++i) __builtin_memcpy(static_cast<char*>(p) + i * stride, tiles_[kTile] + i * 64, 64);
  }
  template <int kSums, int kLeft, int kRight>
  void multiply() {
    float* sums = reinterpret_cast<float*>(tiles_[kSums]);
    const BFloat16* left = reinterpret_cast<const BFloat16*>(tiles_[kLeft]);
    const BFloat16* right = reinterpret_cast<const BFloat16*>(tiles_[kRight]);
    for (int row = 0; row < 16; ++row) {
      for (int depth = 0; depth < 32; ++depth) {
        const float factor = left[row * 32 + depth];
        const BFloat16* pairs = right + depth / 2 * 32 + depth % 2;
        for (int column = 0; column < 16; ++column) sums[row * 16 + column] += factor * float(pairs[2 * column]);
      }
    }
  }

 private:
  alignas(64) char tiles_[8][1024];
};

EIDER_INLINE void narrow(Floats x, uint16_t* y) {
  for (int i = 0; i < 16; ++i) bfloats(y)[i] = x[i];
}

}  // namespace eider::arrays

#include "cpu/tile_convolution_loops.h"
#include "cpu/tile_gradient_loops.h"
