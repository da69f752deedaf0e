// pick: y_i = x[i, label_i], a thread a row (reads one sector of memory each); place, its adjoint: x = 0 except x[i,
// label_i] = y_i, a thread an element, written in order (4 n classes bytes, no FLOPs). Place fuses the fill with the
// placing: an element knows by itself whether it is its row's label.
//
// Limits: n < 2^39, n classes < 2^39.
#include <cmath>

#include "cuda/labels.h"
#include "cuda_abi.h"

namespace {

using namespace eider::cuda;

constexpr int kThreads = 256;

Shape shape_for(int64_t n) { return {grid_of(ceil_div(n, kThreads)), dim3(kThreads)}; }

__global__ void __launch_bounds__(kThreads)
    pick(int64_t n, int64_t classes, const float* x, const int32_t* labels, float* y, Status* status) {
  const int64_t i = global_thread();
  if (i >= n) return;
  const int32_t label = labels[i];
  const bool labelled = is_class(label, classes);
  y[i] = labelled ? x[i * classes + label] : NAN;
  if (!labelled) report(status, i, kBadLabel);
}

__global__ void __launch_bounds__(kThreads)
    place(int64_t n, int64_t classes, const float* y, const int32_t* labels, float* x, Status* status) {
  const int64_t at = global_thread();
  if (at >= n * classes) return;
  const int64_t i = at / classes, column = at % classes;
  const int32_t label = labels[i];
  const bool labelled = is_class(label, classes);
  x[at] = !labelled ? NAN : column == label ? y[i] : 0.0f;
  if (!labelled && column == 0) report(status, i, kBadLabel);
}

}  // namespace

int eider_cuda_pick_f32(int64_t n, int64_t classes, const float* x, const int32_t* labels, float* y, uint64_t* status,
                        void* stream) {
  if (n < 0 || classes < 1) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(pick, shape_for(n), stream, n, classes, x, labels, y, reinterpret_cast<Status*>(status));
}

int eider_cuda_place_f32(int64_t n, int64_t classes, const float* y, const int32_t* labels, float* x, uint64_t* status,
                         void* stream) {
  if (n < 0 || classes < 1) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(place, shape_for(n * classes), stream, n, classes, y, labels, x, reinterpret_cast<Status*>(status));
}
