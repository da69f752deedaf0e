// y[k] = sum or max of x over a box of reduced axes, for every k of a box of kept axes. Memory floor: x, f32 or bf16,
// read once; results are f32.
//
// The reduced box, flattened, is cut into blocks of a fixed number of indices; a block's result is one f32, and blocks
// are combined in order, sums in f64. Within a block a sum runs either in 64 columns side by side (the kept axis is the
// contiguous one) or in 16 interleaved partial sums, so an error grows with the root of the block's size
// at most, and the bits depend on shapes and strides alone.
#include <limits>

#include "cpu/box.h"
#include "cpu/clones.h"
#include "cpu/parallel.h"
#include "rows/bfloat16.h"

namespace {

using namespace eider;

constexpr int kColumns = 64;
constexpr int64_t kColumnBlock = 128;  // additions in a row into one f32
constexpr int64_t kRowBlock = 4096;    // 256 into each of 16

struct Plan {
  Box kept;      // a: stride in x, b: in y; without the columns
  Axis columns;  // the kept axis along which x is contiguous, or one index
  Box reduced;   // without the runs
  Axis runs;     // the reduced axis of smallest stride
  int64_t kept_count, reduced_count, block, blocks, panels;

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
    const bool contiguous_columns = kept.rank > 0 && kept.last().a == 1;
    columns = contiguous_columns ? kept.pop() : Axis{1, 0, 0};
    runs = reduced.pop();
    block = contiguous_columns ? kColumnBlock : kRowBlock;
    blocks = (reduced_count + block - 1) / block;
    panels = (columns.dim + kColumns - 1) / kColumns;
  }

  int64_t units() const { return kept_count / columns.dim * blocks * panels; }
  int64_t workspace_floats() const { return blocks > 1 ? blocks * kept_count : 0; }
};

struct Sum {
  static constexpr float kIdentity = 0.0f;
  template <class T>
  static EIDER_INLINE T combine(T a, T b) {
    return a + b;
  }
};

struct Max {
  static constexpr float kIdentity = -std::numeric_limits<float>::infinity();
  template <class T>
  static EIDER_INLINE T combine(T a, T b) {
    return b > a || b != b ? b : a;
  }
};

// Sixteen elements at a time, each with its own partial result: the fixed order of summation that lets the compiler use
// vectors of any width.
template <class Op, class F>
EIDER_INLINE float reduce_run(int64_t n, F f) {
  constexpr int kWidth = 16;
  if (n < kWidth) {
    float result = f(0);
    for (int64_t j = 1; j < n; ++j) result = Op::combine(result, f(j));
    return result;
  }
  float partial[kWidth];
  for (int j = 0; j < kWidth; ++j) partial[j] = f(j);
  int64_t i = kWidth;
  for (; i + kWidth <= n; i += kWidth) {
    for (int j = 0; j < kWidth; ++j) partial[j] = Op::combine(partial[j], f(i + j));
  }
  for (int j = 0; i + j < n; ++j) partial[j] = Op::combine(partial[j], f(i + j));
  for (int half = kWidth / 2; half > 0; half /= 2) {
    for (int j = 0; j < half; ++j) partial[j] = Op::combine(partial[j], partial[j + half]);
  }
  return partial[0];
}

// Calls body(x, length) for runs (steps of plan.runs.a) that cover the reduced indices [begin, end).
template <class T, class Body>
EIDER_INLINE void for_runs(const Plan& plan, int64_t begin, int64_t end, const T* x, Body body) {
  while (begin < end) {
    const int64_t skipped = begin % plan.runs.dim;
    const int64_t length = std::min(end - begin, plan.runs.dim - skipped);
    body(x + offsets_of(plan.reduced, begin / plan.runs.dim).a + skipped * plan.runs.a, length);
    begin += length;
  }
}

template <class Op, class T>
EIDER_INLINE float reduce_row(const Plan& plan, int64_t begin, int64_t end, const T* x) {
  const int64_t stride = plan.runs.a;
  float total = Op::kIdentity;
  float* result = &total;
  for_runs(plan, begin, end, x, [=](const T* run, int64_t length) EIDER_LAMBDA {
    const float part = stride == 1
                           ? reduce_run<Op>(length, [=](int64_t i) EIDER_LAMBDA { return float(run[i]); })
                           : reduce_run<Op>(length, [=](int64_t i) EIDER_LAMBDA { return float(run[i * stride]); });
    *result = Op::combine(*result, part);
  });
  return total;
}

template <class Op, class T>
EIDER_INLINE void reduce_columns(const Plan& plan, int64_t begin, int64_t end, int width, const T* x, float* y,
                                 int64_t y_stride) {
  const int64_t stride = plan.runs.a;
  float total[kColumns];
  std::fill_n(total, width, Op::kIdentity);
  float* result = total;
  for_runs(plan, begin, end, x, [=](const T* run, int64_t length) EIDER_LAMBDA {
    for (int64_t i = 0; i < length; ++i) {
      EIDER_SIMD for (int j = 0; j < width; ++j) result[j] = Op::combine(result[j], float(run[i * stride + j]));
    }
  });
  for (int j = 0; j < width; ++j) y[j * y_stride] = total[j];
}

// Units are (kept index, block, panel of columns). A block's results lie as y does; the only block's are y.
template <class Op, class T>
EIDER_INLINE void reduce_units(int64_t begin, int64_t end, const Plan& plan, const T* x, float* results) {
  for (int64_t unit = begin; unit < end; ++unit) {
    const int64_t panel = unit % plan.panels, block = unit / plan.panels % plan.blocks;
    const Offsets at = offsets_of(plan.kept, unit / plan.panels / plan.blocks);
    const int64_t first = block * plan.block, last = std::min(first + plan.block, plan.reduced_count);
    const T* from = x + at.a + panel * kColumns;
    float* to = results + block * plan.kept_count + at.b + panel * kColumns * plan.columns.b;
    const int width = int(std::min<int64_t>(kColumns, plan.columns.dim - panel * kColumns));
    if (width == 1) {
      *to = reduce_row<Op>(plan, first, last, from);
    } else if (width == kColumns) {
      reduce_columns<Op>(plan, first, last, kColumns, from, to, plan.columns.b);
    } else {
      reduce_columns<Op>(plan, first, last, width, from, to, plan.columns.b);
    }
  }
}

template <class Op, class T>
EIDER_CLONES void reduce_range(int64_t begin, int64_t end, const Plan& plan, const T* x, float* results) {
  reduce_units<Op>(begin, end, plan, x, results);
}

template <class Op, class T>
int reduce(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
           const int64_t* reduced_dims, const int64_t* reduced_strides, const T* x, float* y, void* workspace) {
  if (!valid_dims(kept_rank, kept_dims) || !valid_dims(reduced_rank, reduced_dims)) return 1;
  const Plan plan(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides);
  if (plan.kept_count == 0) return 0;
  if (plan.reduced_count == 0) return eider_fill_f32(plan.kept_count, Op::kIdentity, y);
  float* results = plan.blocks > 1 ? static_cast<float*>(workspace) : y;
  parallel_ranges(plan.units(), plan.kept_count * plan.reduced_count,
                  [&](int64_t begin, int64_t end) { reduce_range<Op>(begin, end, plan, x, results); });
  if (plan.blocks == 1) return 0;
  for (int64_t k = 0; k < plan.kept_count; ++k) {
    double total = results[k];
    for (int64_t b = 1; b < plan.blocks; ++b) total = Op::combine(total, double(results[b * plan.kept_count + k]));
    y[k] = float(total);
  }
  return 0;
}

}  // namespace

int64_t eider_reduce_workspace_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides,
                                   int reduced_rank, const int64_t* reduced_dims, const int64_t* reduced_strides) {
  if (!valid_dims(kept_rank, kept_dims) || !valid_dims(reduced_rank, reduced_dims)) return -1;
  const Plan plan(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides);
  return plan.workspace_floats() * int64_t(sizeof(float));
}

int eider_sum_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                  const int64_t* reduced_dims, const int64_t* reduced_strides, const float* x, float* y,
                  void* workspace) {
  return reduce<Sum>(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides, x, y, workspace);
}

int eider_sum_bf16(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                   const int64_t* reduced_dims, const int64_t* reduced_strides, const uint16_t* x, float* y,
                   void* workspace) {
  return reduce<Sum>(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides, rows::bfloats(x),
                     y, workspace);
}

int eider_max_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                  const int64_t* reduced_dims, const int64_t* reduced_strides, const float* x, float* y,
                  void* workspace) {
  return reduce<Max>(kept_rank, kept_dims, kept_strides, reduced_rank, reduced_dims, reduced_strides, x, y, workspace);
}
