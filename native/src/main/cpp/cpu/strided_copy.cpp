// dst[i . dst_strides] = src[i . src_strides] over a box of up to eight axes: broadcast, slice, pad and transpose.
// Memory floor: an element per element written, plus one per distinct element read. Elements are only moved, so they
// are 4 bytes or 2 of whatever type.
//
// The box is simplified with the destination's fastest axis last, and its last two axes are copied as a plane, in
// tiles.
#include <cstring>

#include "cpu/box.h"
#include "cpu/parallel.h"

namespace {

using namespace eider;

// A tile is a unit of work for a thread: large against the cost of finding its place, small enough for L1 and L2.
constexpr int64_t kTileElements = 16384;
// Lines of the destination written side by side when the source runs across them: each pair of cache lines is then
// read and written whole while in L1.
constexpr int64_t kTransposeLines = 16;

struct Plan {
  Box planes;         // all axes but the last two
  Axis outer, inner;  // of a plane; a is the source's stride, b the destination's
  int64_t outer_step, inner_step, outer_tiles, inner_tiles;

  explicit Plan(Box box) {
    inner = box.pop();
    outer = box.pop();
    planes = box;
    inner_step = std::min(inner.dim, kTileElements);
    outer_step = std::min(outer.dim, std::max<int64_t>(kTileElements / inner_step, 1));
    inner_tiles = (inner.dim + inner_step - 1) / inner_step;
    outer_tiles = (outer.dim + outer_step - 1) / outer_step;
  }

  int64_t tiles() const { return planes.count() * outer_tiles * inner_tiles; }
};

template <class T>
EIDER_INLINE void copy_tile(const Axis& outer, const Axis& inner, const T* src, T* dst) {
  if (inner.a == 1 && inner.b == 1) {
    for (int64_t o = 0; o < outer.dim; ++o) {
      std::memcpy(dst + o * outer.b, src + o * outer.a, size_t(inner.dim) * sizeof(T));
    }
  } else if (inner.a == 0 && inner.b == 1) {
    for (int64_t o = 0; o < outer.dim; ++o) {
      const T value = src[o * outer.a];
      T* line = dst + o * outer.b;
      for (int64_t i = 0; i < inner.dim; ++i) line[i] = value;
    }
  } else if (outer.a == 1) {
    for (int64_t first = 0; first < outer.dim; first += kTransposeLines) {
      const int64_t end = std::min(first + kTransposeLines, outer.dim);
      for (int64_t i = 0; i < inner.dim; ++i) {
        for (int64_t o = first; o < end; ++o) dst[o * outer.b + i * inner.b] = src[o + i * inner.a];
      }
    }
  } else {
    for (int64_t o = 0; o < outer.dim; ++o) {
      for (int64_t i = 0; i < inner.dim; ++i) dst[o * outer.b + i * inner.b] = src[o * outer.a + i * inner.a];
    }
  }
}

template <class T>
EIDER_CLONES void copy_tiles(int64_t begin, int64_t end, const Plan& plan, const T* src, T* dst) {
  for (int64_t tile = begin; tile < end; ++tile) {
    const int64_t i = tile % plan.inner_tiles * plan.inner_step;
    const int64_t o = tile / plan.inner_tiles % plan.outer_tiles * plan.outer_step;
    const Offsets plane = offsets_of(plan.planes, tile / plan.inner_tiles / plan.outer_tiles);
    Axis outer = plan.outer, inner = plan.inner;
    outer.dim = std::min(plan.outer_step, outer.dim - o);
    inner.dim = std::min(plan.inner_step, inner.dim - i);
    copy_tile(outer, inner, src + plane.a + o * outer.a + i * inner.a, dst + plane.b + o * outer.b + i * inner.b);
  }
}

template <class T>
int strided_copy(int rank, const int64_t* dims, const int64_t* src_strides, const int64_t* dst_strides, const T* src,
                 T* dst) {
  if (!valid_dims(rank, dims)) return 1;
  Box box;
  for (int d = 0; d < rank; ++d) box.push({dims[d], src_strides[d], dst_strides[d]});
  const int64_t elements = box.count();
  if (elements == 0) return 0;
  box.simplify(&Axis::b);
  const Plan plan(box);
  parallel_ranges(plan.tiles(), elements, [&](int64_t begin, int64_t end) { copy_tiles(begin, end, plan, src, dst); });
  return 0;
}

}  // namespace

int eider_strided_copy_f32(int rank, const int64_t* dims, const int64_t* src_strides, const int64_t* dst_strides,
                           const float* src, float* dst) {
  return strided_copy(rank, dims, src_strides, dst_strides, src, dst);
}

int eider_strided_copy_bf16(int rank, const int64_t* dims, const int64_t* src_strides, const int64_t* dst_strides,
                            const uint16_t* src, uint16_t* dst) {
  return strided_copy(rank, dims, src_strides, dst_strides, src, dst);
}
