// dst[i . dst_strides] = src[i . src_strides] over a box of up to eight axes: broadcast, slice, pad and transpose.
//
// Bytes: 4 (bf16: 2) an element written, as many a distinct element read; no FLOPs, a division an axis beyond the
// first. The box is simplified with the destination's fastest axis last. Threads follow it, so writes are in order;
// where the source runs along another axis, tiles of 32 x 32 turn through shared memory, so reads are in order too.
//
// Fuses nothing.
//
// Limits: fewer than 2^31 blocks of 256 elements, or of 1024 of a transposed tile.
#include <utility>

#include "cuda/offsets.h"
#include "cuda_abi.h"

namespace {

using namespace eider;
using namespace eider::cuda;

constexpr int kThreads = 256;
constexpr int kTile = 32;
constexpr int kTileLines = kThreads / kTile;

// Elements are only moved: 4 bytes or 2 of whatever type.
template <class T, class Index>
__global__ void __launch_bounds__(kThreads) copy(Box box, int64_t count, const T* src, T* dst) {
  const int64_t index = global_thread();
  if (index >= count) return;
  const Offsets at = cuda::offsets_of(box, Index(index));
  dst[at.b] = src[at.a];
}

// A plane: the source is contiguous along outer, the destination runs along inner.
struct Transpose {
  Box planes;
  Axis outer, inner;
  int64_t outer_tiles, inner_tiles;

  int64_t tiles() const { return planes.count() * outer_tiles * inner_tiles; }
};

template <class T>
__global__ void __launch_bounds__(kThreads) transpose(Transpose plan, const T* src, T* dst) {
  // One element more a line: a column is then spread over all banks.
  EIDER_SHARED(T, tile, kTile * (kTile + 1));
  const int64_t first_inner = blockIdx.x % plan.inner_tiles * kTile;
  const int64_t first_outer = blockIdx.x / plan.inner_tiles % plan.outer_tiles * kTile;
  const Offsets plane = cuda::offsets_of(plan.planes, int64_t(blockIdx.x) / plan.inner_tiles / plan.outer_tiles);
  const int along = int(threadIdx.x) % kTile, line = int(threadIdx.x) / kTile;
  for (int k = line; k < kTile; k += kTileLines) {
    const int64_t i = first_inner + k, o = first_outer + along;
    if (i < plan.inner.dim && o < plan.outer.dim) tile[k * (kTile + 1) + along] = src[plane.a + o + i * plan.inner.a];
  }
  __syncthreads();
  for (int k = line; k < kTile; k += kTileLines) {
    const int64_t i = first_inner + along, o = first_outer + k;
    if (i < plan.inner.dim && o < plan.outer.dim) {
      dst[plane.b + o * plan.outer.b + i * plan.inner.b] = tile[along * (kTile + 1) + k];
    }
  }
}

// The axis along which the source is contiguous, if it is long enough for tiles and not the destination's own; else -1.
int transposed_axis(const Box& box) {
  for (int d = 0; d + 1 < box.rank; ++d) {
    if (box.axes[d].a == 1 && box.axes[d].dim >= kTile / 2 && box.last().dim >= kTile / 2) return d;
  }
  return -1;
}

Transpose transpose_of(Box box, int axis) {
  Transpose plan;
  plan.inner = box.pop();
  std::swap(box.axes[axis], box.axes[box.rank - 1]);
  plan.outer = box.pop();
  plan.planes = box;
  plan.outer_tiles = ceil_div(plan.outer.dim, kTile);
  plan.inner_tiles = ceil_div(plan.inner.dim, kTile);
  return plan;
}

template <class T>
int run(int rank, const int64_t* dims, const int64_t* src_strides, const int64_t* dst_strides, const T* src, T* dst,
        void* stream) {
  if (!valid_dims(rank, dims)) return cudaErrorInvalidValue;
  Box box;
  for (int d = 0; d < rank; ++d) box.push({dims[d], src_strides[d], dst_strides[d]});
  const int64_t count = box.count();
  if (count == 0) return cudaSuccess;
  box.simplify(&Axis::b);
  const int axis = transposed_axis(box);
  if (axis >= 0) {
    const Transpose plan = transpose_of(box, axis);
    return launch(transpose<T>, {grid_of(plan.tiles()), dim3(kThreads)}, stream, plan, src, dst);
  }
  const Shape shape{grid_of(ceil_div(count, kThreads)), dim3(kThreads)};
  return is_small(count) ? launch(copy<T, uint32_t>, shape, stream, box, count, src, dst)
                         : launch(copy<T, int64_t>, shape, stream, box, count, src, dst);
}

}  // namespace

int eider_cuda_strided_copy_f32(int rank, const int64_t* dims, const int64_t* src_strides, const int64_t* dst_strides,
                                const float* src, float* dst, void* stream) {
  return run(rank, dims, src_strides, dst_strides, src, dst, stream);
}

int eider_cuda_strided_copy_bf16(int rank, const int64_t* dims, const int64_t* src_strides, const int64_t* dst_strides,
                                 const uint16_t* src, uint16_t* dst, void* stream) {
  return run(rank, dims, src_strides, dst_strides, src, dst, stream);
}
