// y[k] = sum or max of x over a box of reduced axes, for every k of a box of kept axes.
//
// Bytes: 4 (bf16: 2) an element of x, read once; one FLOP. The reduced box, flattened, is cut into blocks of indices; a
// block's result is one f32, and a second launch combines blocks in order, sums in f64. Where the kept axis is the
// contiguous one, a tile of 32 of its columns goes down its block side by side; else a warp or, for long reductions, a
// thread block walks along it. Which, and all orders of summation, follow from shapes and strides alone.
//
// Fuses nothing.
//
// Limits: fewer than 2^31 tiles, and so many blocks.
#include <limits>

#include "cuda/channels.h"
#include "cuda/lanes.h"
#include "cuda/offsets.h"
#include "cuda_abi.h"
#include "rows/bfloat16.h"

namespace {

using namespace eider;
using namespace eider::cuda;

constexpr int kThreads = kTileThreads;
constexpr int kWarps = kThreads / kWarp;
// Each thread adds 32 numbers, then the team's results meet.
constexpr int64_t kEach = 32;
constexpr int64_t kColumnBlock = kEach * kWarps;
constexpr int64_t kWarpBlock = kEach * kWarp;
constexpr int64_t kRowBlock = kEach * kThreads;

enum class Walk { kColumns, kWarps, kBlocks };

struct Plan {
  Box kept;      // a: stride in x, b: in y; without the columns
  Axis columns;  // the kept axis along which x is contiguous, or one index
  Box reduced;   // a: stride in x
  int64_t kept_count, reduced_count, block, blocks, panels;
  Walk walk;

  Plan(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
       const int64_t* reduced_dims, const int64_t* reduced_strides) {
    kept.rank = kept_rank;
    int64_t y_stride = 1;
    for (int d = kept_rank - 1; d >= 0; --d) {
      kept.axes[d] = {kept_dims[d], kept_strides[d], y_stride};
      y_stride *= kept_dims[d];
    }
    for (int d = 0; d < reduced_rank; ++d) reduced.push({reduced_dims[d], reduced_strides[d], 0});
    kept_count = kept.count();
    reduced_count = reduced.count();
    kept.simplify(&Axis::a);
    reduced.simplify(&Axis::a);
    walk = kept.rank > 0 && kept.last().a == 1 ? Walk::kColumns
           : reduced_count <= kWarpBlock       ? Walk::kWarps
                                               : Walk::kBlocks;
    columns = walk == Walk::kColumns ? kept.pop() : Axis{1, 0, 0};
    panels = ceil_div(columns.dim, kWarp);
    block = walk == Walk::kColumns ? kColumnBlock : walk == Walk::kWarps ? kWarpBlock : kRowBlock;
    blocks = ceil_div(reduced_count, block);
  }

  int64_t units() const { return kept_count / columns.dim * blocks * panels; }
  int64_t workspace_floats() const { return blocks > 1 ? blocks * kept_count : 0; }
};

struct Sum {
  static constexpr float kIdentity = 0.0f;
  template <class T>
  __device__ __forceinline__ T operator()(T a, T b) const {
    return a + b;
  }
};

struct Max {
  static constexpr float kIdentity = -std::numeric_limits<float>::infinity();
  template <class T>
  __device__ __forceinline__ T operator()(T a, T b) const {
    return b > a || b != b ? b : a;
  }
};

// The reduced indices of one unit, and its place: units are (kept index, block, panel of columns).
struct Unit {
  int64_t first, last, from, to, panel;

  __device__ __forceinline__ Unit(const Plan& plan, int64_t unit) : panel(unit % plan.panels) {
    const int64_t block = unit / plan.panels % plan.blocks;
    const Offsets at = cuda::offsets_of(plan.kept, unit / plan.panels / plan.blocks);
    first = block * plan.block;
    last = first + plan.block < plan.reduced_count ? first + plan.block : plan.reduced_count;
    from = at.a;
    to = block * plan.kept_count + at.b;
  }
};

template <class Op, class Index, class T>
__device__ __forceinline__ float reduced(const Plan& plan, const T* x, int64_t begin, int64_t end, int step) {
  float total = Op::kIdentity;
  for (int64_t i = begin; i < end; i += step) {
    total = Op()(total, float(x[cuda::offsets_of(plan.reduced, Index(i)).a]));
  }
  return total;
}

// 32 columns side by side, a warp every eighth index.
template <class Op, class T, class Index>
__global__ void __launch_bounds__(kThreads) reduce_columns(Plan plan, const T* x, float* results) {
  EIDER_SHARED(float, scratch, kThreads);
  const Unit unit(plan, blockIdx.x);
  const int64_t column = unit.panel * kWarp + threadIdx.x;
  const bool inside = column < plan.columns.dim;
  const float mine =
      inside ? reduced<Op, Index>(plan, x + unit.from + column, unit.first + threadIdx.y, unit.last, kWarps) : 0.0f;
  const float total = combined_in_column(mine, scratch, Op());
  if (inside && threadIdx.y == 0) results[unit.to + column * plan.columns.b] = total;
}

template <class Op, class T, class Index>
__global__ void __launch_bounds__(kThreads) reduce_by_warps(Plan plan, int64_t units, const T* x, float* results) {
  const int64_t mine = int64_t(blockIdx.x) * kWarps + threadIdx.x / kWarp;
  if (mine >= units) return;
  const Unit unit(plan, mine);
  const WarpTeam team;
  const float part = reduced<Op, Index>(plan, x + unit.from, unit.first + team.rank(), unit.last, team.kSize);
  const float total = team.combined(part, Op::kIdentity, Op());
  if (team.rank() == 0) results[unit.to] = total;
}

template <class Op, class T, class Index>
__global__ void __launch_bounds__(kThreads) reduce_by_blocks(Plan plan, const T* x, float* results) {
  using Team = BlockTeam<kWarps>;
  EIDER_SHARED(float, slots, Team::kSlots);
  const Unit unit(plan, blockIdx.x);
  const Team team{slots};
  const float part = reduced<Op, Index>(plan, x + unit.from, unit.first + team.rank(), unit.last, team.kSize);
  const float total = team.combined(part, Op::kIdentity, Op());
  if (team.rank() == 0) results[unit.to] = total;
}

// The blocks' results (blocks, kept) combined.
template <class Op>
__global__ void __launch_bounds__(kThreads)
    combine_blocks(int64_t blocks, int64_t kept, const float* results, float* y) {
  EIDER_SHARED(double, scratch, kThreads);
  const int64_t k = int64_t(blockIdx.x) * kWarp + threadIdx.x;
  double mine = Op::kIdentity;
  for (int64_t b = threadIdx.y; k < kept && b < blocks; b += kWarps) mine = Op()(mine, double(results[b * kept + k]));
  const double total = combined_in_column(mine, scratch, Op());
  if (k < kept && threadIdx.y == 0) y[k] = float(total);
}

template <class Op, class Index, class T>
int launch_units(const Plan& plan, const T* x, float* results, void* stream) {
  const int64_t units = plan.units();
  switch (plan.walk) {
    case Walk::kColumns:
      return launch(reduce_columns<Op, T, Index>, {grid_of(units), dim3(kWarp, kWarps)}, stream, plan, x, results);
    case Walk::kWarps:
      return launch(reduce_by_warps<Op, T, Index>, {grid_of(ceil_div(units, kWarps)), dim3(kThreads)}, stream, plan,
                    units, x, results);
    default:
      return launch(reduce_by_blocks<Op, T, Index>, {grid_of(units), dim3(kThreads)}, stream, plan, x, results);
  }
}

template <class Op, class T>
int reduce(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
           const int64_t* reduced_dims, const int64_t* reduced_strides, const T* x, float* y, void* workspace,
           void* stream) {
  if (!valid_dims(kept_rank, kept_dims) || !valid_dims(reduced_rank, reduced_dims)) return cudaErrorInvalidValue;
  const Plan plan(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides);
  if (plan.kept_count == 0) return cudaSuccess;
  if (plan.reduced_count == 0) return eider_cuda_fill_f32(plan.kept_count, Op::kIdentity, y, stream);
  float* const results = plan.blocks > 1 ? static_cast<float*>(workspace) : y;
  const int error = is_small(plan.reduced_count) ? launch_units<Op, uint32_t>(plan, x, results, stream)
                                                 : launch_units<Op, int64_t>(plan, x, results, stream);
  if (error != cudaSuccess || plan.blocks == 1) return error;
  return launch(combine_blocks<Op>, {grid_of(ceil_div(plan.kept_count, kWarp)), dim3(kWarp, kWarps)}, stream,
                plan.blocks, plan.kept_count, static_cast<const float*>(results), y);
}

}  // namespace

int64_t eider_cuda_reduce_workspace_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides,
                                        int reduced_rank, const int64_t* reduced_dims, const int64_t* reduced_strides) {
  if (!valid_dims(kept_rank, kept_dims) || !valid_dims(reduced_rank, reduced_dims)) return -1;
  const Plan plan(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides);
  return plan.workspace_floats() * int64_t(sizeof(float));
}

int eider_cuda_sum_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                       const int64_t* reduced_dims, const int64_t* reduced_strides, const float* x, float* y,
                       void* workspace, void* stream) {
  return reduce<Sum>(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides, x, y, workspace,
                     stream);
}

int eider_cuda_sum_bf16(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                        const int64_t* reduced_dims, const int64_t* reduced_strides, const uint16_t* x, float* y,
                        void* workspace, void* stream) {
  return reduce<Sum>(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides, rows::bfloats(x),
                     y, workspace, stream);
}

int eider_cuda_max_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                       const int64_t* reduced_dims, const int64_t* reduced_strides, const float* x, float* y,
                       void* workspace, void* stream) {
  return reduce<Max>(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides, x, y, workspace,
                     stream);
}
