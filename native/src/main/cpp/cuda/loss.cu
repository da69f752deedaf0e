// Losses of n rows of logits (n, classes) with their labels: value, gradient, tangent, meta-gradient, each one launch.
// The mathematics is that of the CPU, in rows/; here is who computes what.
//
// Fused: everything between reading the logits and writing what is asked for. A row's maximum, its sum of exponentials
// and its results need the whole row and nothing else, so the row is read once, stays in shared memory (walks.h)
// between these passes, and the gradient takes its place there; the meta-gradient's weight of an example needs only
// that example's own tangent, so tangent, weight and weighted gradient are one kernel. Bytes, in units of 4 n classes:
// value 1 (z), gradient 2 (z, gz), tangent 2 (z, tz), meta-gradient 3 (z, tz, gz). FLOPs a logit, an exponential being
// 10: value 13, gradient 14, tangent 16, meta-gradient 17; of the sigmoid's losses about 60. All are bound by memory,
// or by the launch.
//
// Walks: up to 256 classes a warp a row, else a block a row; beyond 16317 classes (8157 where two matrices are read)
// rows stay in memory and are read two or three times, from L2 if it holds them.
//
// Limits: n < 2^31; at most 65280 bytes of shared memory a block, which every architecture since sm_75 grants.
#include <cmath>

#include "cuda/labels.h"
#include "cuda/walks.h"
#include "cuda_abi.h"
#include "rows/sigmoid_focal_rows.h"
#include "rows/softmax_loss_rows.h"

namespace {

using namespace eider;
using namespace eider::cuda;
using Softmax = rows::SoftmaxLoss<float>;
using SigmoidFocal = rows::SigmoidFocalLoss<float>;

// What every kernel reads, and where it says what is wrong.
struct Batch {
  int64_t n, classes;
  const float* z;
  const int32_t* labels;
  const float* margins;  // may be NULL
  Status* status;

  __device__ __forceinline__ bool labelled(int64_t row) const { return is_class(labels[row], classes); }
  // Class 0 stands in for a label that is none.
  __device__ __forceinline__ int64_t label(int64_t row) const { return labelled(row) ? labels[row] : 0; }
  __device__ __forceinline__ float margin(int64_t row) const { return margins == nullptr ? 0.0f : margins[row]; }
  // What a gradient is multiplied by: with a bad label the NaN marks the whole row.
  __device__ __forceinline__ float or_nan(int64_t row, float x) const { return labelled(row) ? x : NAN; }

  __device__ __forceinline__ void judge(int64_t row, float loss) const {
    if (!labelled(row)) {
      report(status, row, kBadLabel);
    } else if (!std::isfinite(loss)) {
      report(status, row, kBadLoss);
    }
  }
};

template <class Walk, class Loss>
__global__ void __launch_bounds__(kWalkThreads, 3) value(Loss loss, Batch batch, float* losses) {
  const Walk walk(batch.n, batch.classes);
  const float* z = walk.read(batch.z, 0);
  walk.ready();
  if (!walk.mine()) return;
  const int64_t row = walk.row();
  const auto lane = walk.lane();
  const float l = loss_row(lane, loss, z, batch.label(row), batch.margin(row), batch.classes);
  if (lane.leads()) {
    losses[row] = batch.or_nan(row, l);
    batch.judge(row, l);
  }
}

template <class Walk, class Loss>
__global__ void __launch_bounds__(kWalkThreads, 3) gradient(Loss loss, Batch batch, const float* cotangent, float* gz) {
  const Walk walk(batch.n, batch.classes);
  const auto z = walk.read(batch.z, 0);
  walk.ready();
  if (walk.mine()) {
    const int64_t row = walk.row();
    const auto lane = walk.lane();
    const float l = loss_gradient_row(lane, loss, static_cast<const float*>(z), batch.label(row), batch.margin(row),
                                      batch.or_nan(row, cotangent[row]), batch.classes, walk.target(gz, z));
    if (lane.leads()) batch.judge(row, l);
  }
  walk.write(gz, 0);
}

template <class Walk, class Loss>
__global__ void __launch_bounds__(kWalkThreads, 3) tangent(Loss loss, Batch batch, const float* tz, float* tlosses) {
  const Walk walk(batch.n, batch.classes);
  const float* z = walk.read(batch.z, 0);
  const float* t = walk.read(tz, 1);
  walk.ready();
  if (!walk.mine()) return;
  const int64_t row = walk.row();
  const auto lane = walk.lane();
  const auto both = loss_tangent_row(lane, loss, z, t, batch.label(row), batch.margin(row), batch.classes);
  if (lane.leads()) {
    tlosses[row] = batch.or_nan(row, both.tangent);
    batch.judge(row, both.loss);
  }
}

// What the meta-gradient reads and writes besides.
struct Correction {
  const float *tz, *class_weights, *step;
  float share;
  float *tlosses, *weights, *gz;
};

template <class Walk, class Loss>
__global__ void __launch_bounds__(kWalkThreads, 3) meta_gradient(Loss loss, Batch batch, Correction c) {
  const Walk walk(batch.n, batch.classes);
  const auto z = walk.read(batch.z, 0);
  const float* t = walk.read(c.tz, 1);
  walk.ready();
  if (walk.mine()) {
    const int64_t row = walk.row();
    const auto lane = walk.lane();
    const auto all = loss_meta_gradient_row(lane, loss, static_cast<const float*>(z), t, batch.label(row),
                                            batch.margin(row), batch.or_nan(row, c.class_weights[row]), c.step[0],
                                            c.share, batch.classes, walk.target(c.gz, z));
    if (lane.leads()) {
      c.tlosses[row] = batch.or_nan(row, all.tangent);
      c.weights[row] = all.weight;
      batch.judge(row, all.loss);
    }
  }
  walk.write(c.gz, 0);
}

// Calls use(walk, shape, family) with the types that the kernel is made for.
template <class Use>
int run(int loss, float parameter, const Batch& batch, int matrices, Use use) {
  if (batch.n < 0 || batch.classes < 1) return cudaErrorInvalidValue;
  if (batch.n == 0) return cudaSuccess;
  const auto of = [&](auto family) {
    return with_walk(batch.n, batch.classes, matrices,
                     [&](auto* walk, const Shape& shape) { return use(walk, shape, family); });
  };
  switch (loss) {
    case EIDER_FOCAL:
      return of(Softmax{parameter, 1.0f});
    case EIDER_SIGMOID_FOCAL:
      return of(SigmoidFocal{parameter});
    case EIDER_LDAM:
      return of(Softmax{0.0f, parameter});
    default:
      return of(Softmax{0.0f, 1.0f});
  }
}

}  // namespace

int eider_cuda_loss_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z, const int32_t* labels,
                        const float* margins, float* losses, uint64_t* status, void* stream) {
  const Batch batch{n, classes, z, labels, margins, reinterpret_cast<Status*>(status)};
  return run(loss, parameter, batch, 1, [=](auto* walk, const Shape& shape, auto family) {
    return launch(value<std::remove_pointer_t<decltype(walk)>, decltype(family)>, shape, stream, family, batch, losses);
  });
}

int eider_cuda_loss_gradient_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                 const int32_t* labels, const float* margins, const float* cotangent, float* gz,
                                 uint64_t* status, void* stream) {
  const Batch batch{n, classes, z, labels, margins, reinterpret_cast<Status*>(status)};
  return run(loss, parameter, batch, 1, [=](auto* walk, const Shape& shape, auto family) {
    return launch(gradient<std::remove_pointer_t<decltype(walk)>, decltype(family)>, shape, stream, family, batch,
                  cotangent, gz);
  });
}

int eider_cuda_loss_tangent_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                const int32_t* labels, const float* margins, const float* tz, float* tlosses,
                                uint64_t* status, void* stream) {
  const Batch batch{n, classes, z, labels, margins, reinterpret_cast<Status*>(status)};
  return run(loss, parameter, batch, 2, [=](auto* walk, const Shape& shape, auto family) {
    return launch(tangent<std::remove_pointer_t<decltype(walk)>, decltype(family)>, shape, stream, family, batch, tz,
                  tlosses);
  });
}

int eider_cuda_loss_meta_gradient_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                      const int32_t* labels, const float* margins, const float* tz,
                                      const float* class_weights, const float* step, float* tlosses, float* weights,
                                      float* gz, uint64_t* status, void* stream) {
  const Batch batch{n, classes, z, labels, margins, reinterpret_cast<Status*>(status)};
  const Correction correction{tz, class_weights, step, 1.0f / float(n), tlosses, weights, gz};
  return run(loss, parameter, batch, 2, [=](auto* walk, const Shape& shape, auto family) {
    return launch(meta_gradient<std::remove_pointer_t<decltype(walk)>, decltype(family)>, shape, stream, family, batch,
                  correction);
  });
}
