// How a thread block takes its rows of matrices (rows, columns). A walk, made in a kernel by all threads of a block,
// has
//   row(), mine()         this thread's row, and whether there is such a row
//   lane()                the lane that walks it
//   read(x, k)            the row of x, the k-th matrix that the kernel reads; between all reads and any use, ready()
//   target(x, read)       where to write the row of x: over a row that was read, or in x itself
//   write(x, k)           puts the targets over the k-th matrix into x; after it nothing may be written
//
// Rows are staged in shared memory while they fit: each is read once and written once, 16 bytes at a time, and the
// passes that a row function makes over it cost no traffic. The rows of a block are one run of floats in memory, and
// lie in shared memory as they lie there relative to 16 bytes, so any number of columns can be moved that way.
#ifndef EIDER_CUDA_WALKS_H
#define EIDER_CUDA_WALKS_H

#include <type_traits>

#include "cuda/lanes.h"

namespace eider::cuda {

constexpr int kWalkWarps = 8;
constexpr int kWalkThreads = kWalkWarps * kWarp;

__device__ __forceinline__ int misalignment(const float* x) {
  return int(reinterpret_cast<uintptr_t>(x) / sizeof(float) % 4);
}

// By all threads of a block.
__device__ __forceinline__ void copy_run(int count, const float* from, float* to) {
  const int rank = int(threadIdx.x);
  if (misalignment(from) != misalignment(to)) {
    for (int i = rank; i < count; i += kWalkThreads) to[i] = from[i];
    return;
  }
  const int to_boundary = (4 - misalignment(from)) % 4;
  const int head = to_boundary < count ? to_boundary : count;
  const int vectors = (count - head) / 4;
  const int tail = head + 4 * vectors;
  if (rank < head) to[rank] = from[rank];
  for (int i = rank; i < vectors; i += kWalkThreads) store4(to + head + 4 * i, load4(from + head + 4 * i));
  if (tail + rank < count) to[tail + rank] = from[tail + rank];
}

// kRows rows of every matrix, in shared memory.
template <int kRows>
class Stage {
 public:
  // One matrix's floats, and up to three before them.
  static __host__ __device__ int64_t floats(int64_t columns) { return (kRows * columns + 6) / 4 * 4; }

  __device__ __forceinline__ Stage(int64_t rows, int64_t columns) : columns_(int(columns)) {
    const int64_t row = first_row(), left = rows - row;
    first_ = row * columns;
    count_ = columns_ * int(left < kRows ? left : kRows);
  }

  __device__ __forceinline__ int64_t first_row() const { return int64_t(blockIdx.x) * kRows; }

  __device__ __forceinline__ float* row(int k, int r) const {
    EIDER_DYNAMIC_SHARED(float, memory);
    return memory + k * floats(columns_) + first_ % 4 + r * columns_;
  }
  __device__ __forceinline__ void read(const float* x, int k) const { copy_run(count_, x + first_, row(k, 0)); }
  __device__ __forceinline__ void write(float* x, int k) const { copy_run(count_, row(k, 0), x + first_); }

 private:
  int columns_;
  int count_;      // floats of one matrix
  int64_t first_;  // float
};

// A row a warp: for rows too short to keep a block busy.
class RowPerWarp {
 public:
  static constexpr int kRows = kWalkWarps;
  static constexpr int64_t kColumns = 256;

  static size_t shared_bytes(int64_t columns, int matrices) {
    return sizeof(float) * size_t(matrices) * size_t(Stage<kRows>::floats(columns));
  }

  __device__ __forceinline__ RowPerWarp(int64_t rows, int64_t columns) : rows_(rows), stage_(rows, columns) {}

  __device__ __forceinline__ int64_t row() const { return stage_.first_row() + warp(); }
  __device__ __forceinline__ bool mine() const { return row() < rows_; }
  __device__ __forceinline__ Lane<WarpTeam> lane() const { return {}; }
  __device__ __forceinline__ float* read(const float* x, int k) const {
    stage_.read(x, k);
    return stage_.row(k, warp());
  }
  __device__ __forceinline__ void ready() const { __syncthreads(); }
  __device__ __forceinline__ float* target(float*, float* read) const { return read; }
  __device__ __forceinline__ void write(float* x, int k) const {
    __syncthreads();
    stage_.write(x, k);
  }

 private:
  __device__ __forceinline__ int warp() const { return int(threadIdx.x) / kWarp; }

  const int64_t rows_;
  const Stage<kRows> stage_;
};

// A row a block.
class RowPerBlock {
 public:
  using Team = BlockTeam<kWalkWarps>;
  static constexpr int kRows = 1;

  static size_t shared_bytes(int64_t columns, int matrices) {
    return sizeof(float) * size_t(matrices) * size_t(Stage<kRows>::floats(columns));
  }

  __device__ __forceinline__ RowPerBlock(int64_t rows, int64_t columns) : stage_(rows, columns) {}

  __device__ __forceinline__ int64_t row() const { return stage_.first_row(); }
  __device__ __forceinline__ bool mine() const { return true; }
  __device__ __forceinline__ Lane<Team> lane() const {
    EIDER_SHARED(float, slots, Team::kSlots);
    return {{slots}};
  }
  __device__ __forceinline__ float* read(const float* x, int k) const {
    stage_.read(x, k);
    return stage_.row(k, 0);
  }
  __device__ __forceinline__ void ready() const { __syncthreads(); }
  __device__ __forceinline__ float* target(float*, float* read) const { return read; }
  __device__ __forceinline__ void write(float* x, int k) const {
    __syncthreads();
    stage_.write(x, k);
  }

 private:
  const Stage<kRows> stage_;
};

// A row a block, where it lies: for rows that do not fit into shared memory.
class LongRow {
 public:
  using Team = BlockTeam<kWalkWarps>;
  static constexpr int kRows = 1;

  static size_t shared_bytes(int64_t, int) { return 0; }

  __device__ __forceinline__ LongRow(int64_t, int64_t columns) : columns_(columns) {}

  __device__ __forceinline__ int64_t row() const { return blockIdx.x; }
  __device__ __forceinline__ bool mine() const { return true; }
  __device__ __forceinline__ Lane<Team> lane() const {
    EIDER_SHARED(float, slots, Team::kSlots);
    return {{slots}};
  }
  __device__ __forceinline__ const float* read(const float* x, int) const { return x + row() * columns_; }
  __device__ __forceinline__ void ready() const {}
  __device__ __forceinline__ float* target(float* x, const float*) const { return x + row() * columns_; }
  __device__ __forceinline__ void write(float*, int) const {}

 private:
  const int64_t columns_;
};

// Calls use(walk, shape) with the kind of walk, a null pointer of its type, that suits rows of so many columns, of
// which a kernel reads so many matrices.
template <class Use>
int with_walk(int64_t rows, int64_t columns, int matrices, Use use) {
  const auto as = [&](auto* walk) {
    using Walk = std::remove_pointer_t<decltype(walk)>;
    const int64_t blocks = ceil_div(rows, Walk::kRows);
    return use(walk, Shape{grid_of(blocks), dim3(kWalkThreads), Walk::shared_bytes(columns, matrices)});
  };
  if (columns <= RowPerWarp::kColumns) return as(static_cast<RowPerWarp*>(nullptr));
  if (RowPerBlock::shared_bytes(columns, matrices) <= kMaxDynamicShared) {
    return as(static_cast<RowPerBlock*>(nullptr));
  }
  return as(static_cast<LongRow*>(nullptr));
}

}  // namespace eider::cuda

#endif
