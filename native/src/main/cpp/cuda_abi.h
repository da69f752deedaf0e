// The CUDA kernels' flat C ABI, in the names and the order of abi.h with a stream added at the end.
//
// Conventions are those of abi.h: f32, or the bits of bf16 where a name ends so, contiguous, channels last, sizes in
// elements, an output may be an input of the same shape unless said otherwise. Besides:
//   Arrays, workspaces and status words are device memory; what is read on the host says so.
//   stream is a cudaStream_t. A function launches and returns: nothing is waited for, allocated or copied, so a call
//   may be captured into a CUDA graph.
//   int is a cudaError_t: 0, or why nothing was launched (cudaErrorInvalidValue: impossible sizes).
//   Results have the same bits on every device, and those of the host emulator: sums have an order that only shapes
//   decide, and nothing is left to the device's own mathematics.
//
// Status words
//   Kernels that read labels or draws take a 64-bit word that is 0 at first. It says the first bad example of all
//   kernels that were given it, and is read with eider_cuda_status; bad labels and draws write NaN, and the other
//   examples are computed.
#ifndef EIDER_CUDA_ABI_H
#define EIDER_CUDA_ABI_H

#include <stdint.h>

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- runtime ----

// Compiler, and the architectures that it made code for, one line; "emulated" where there was no nvcc.
EIDER_API const char* eider_cuda_build_info(void);
// CUDA's own text of an error code.
EIDER_API const char* eider_cuda_error_text(int error);
// What a status word copied to the host says, as abi.h's kernels return it: 0, i + 1 or -(i + 1).
EIDER_API int64_t eider_cuda_status(uint64_t word);

// ---- element by element, n elements ----

EIDER_API int eider_cuda_negate_f32(int64_t n, const float* x, float* y, void* stream);
EIDER_API int eider_cuda_exp_f32(int64_t n, const float* x, float* y, void* stream);
EIDER_API int eider_cuda_log_f32(int64_t n, const float* x, float* y, void* stream);
EIDER_API int eider_cuda_sqrt_f32(int64_t n, const float* x, float* y, void* stream);
EIDER_API int eider_cuda_relu_f32(int64_t n, const float* x, float* y, void* stream);
EIDER_API int eider_cuda_positive_f32(int64_t n, const float* x, float* y, void* stream);

EIDER_API int eider_cuda_add_f32(int64_t n, const float* a, const float* b, float* y, void* stream);
EIDER_API int eider_cuda_add_bf16(int64_t n, const uint16_t* a, const uint16_t* b, uint16_t* y, void* stream);
EIDER_API int eider_cuda_subtract_f32(int64_t n, const float* a, const float* b, float* y, void* stream);
EIDER_API int eider_cuda_multiply_f32(int64_t n, const float* a, const float* b, float* y, void* stream);
EIDER_API int eider_cuda_divide_f32(int64_t n, const float* a, const float* b, float* y, void* stream);
EIDER_API int eider_cuda_equal_f32(int64_t n, const float* a, const float* b, float* y, void* stream);

EIDER_API int eider_cuda_cast_f32_to_bf16(int64_t n, const float* x, uint16_t* y, void* stream);
EIDER_API int eider_cuda_cast_bf16_to_f32(int64_t n, const uint16_t* x, float* y, void* stream);

EIDER_API int eider_cuda_fill_f32(int64_t n, float value, float* y, void* stream);
EIDER_API int eider_cuda_fill_bf16(int64_t n, float value, uint16_t* y, void* stream);
// out = a[0] * x + y, a on the device.
EIDER_API int eider_cuda_scale_add_f32(int64_t n, const float* a, const float* x, const float* y, float* out,
                                       void* stream);

// ---- movement; dims and strides are host memory ----

EIDER_API int eider_cuda_strided_copy_f32(int rank, const int64_t* dims, const int64_t* src_strides,
                                          const int64_t* dst_strides, const float* src, float* dst, void* stream);
EIDER_API int eider_cuda_strided_copy_bf16(int rank, const int64_t* dims, const int64_t* src_strides,
                                           const int64_t* dst_strides, const uint16_t* src, uint16_t* dst,
                                           void* stream);

// ---- reductions; dims and strides are host memory ----

EIDER_API int eider_cuda_sum_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                                 const int64_t* reduced_dims, const int64_t* reduced_strides, const float* x, float* y,
                                 void* workspace, void* stream);
EIDER_API int eider_cuda_sum_bf16(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides,
                                  int reduced_rank, const int64_t* reduced_dims, const int64_t* reduced_strides,
                                  const uint16_t* x, float* y, void* workspace, void* stream);
EIDER_API int eider_cuda_max_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                                 const int64_t* reduced_dims, const int64_t* reduced_strides, const float* x, float* y,
                                 void* workspace, void* stream);
EIDER_API int64_t eider_cuda_reduce_workspace_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides,
                                                  int reduced_rank, const int64_t* reduced_dims,
                                                  const int64_t* reduced_strides);

// ---- batch normalisation ----

EIDER_API int eider_cuda_batch_norm_f32(int64_t rows, int64_t channels, float epsilon, int relu, const float* x,
                                        const float* gamma, const float* beta, const float* residual, float* y,
                                        float* mean, float* variance, void* workspace, void* stream);
EIDER_API int eider_cuda_batch_norm_bf16(int64_t rows, int64_t channels, float epsilon, int relu, const uint16_t* x,
                                         const float* gamma, const float* beta, const uint16_t* residual, uint16_t* y,
                                         float* mean, float* variance, void* workspace, void* stream);
EIDER_API int eider_cuda_batch_norm_gradient_f32(int64_t rows, int64_t channels, float epsilon, int relu,
                                                 const float* x, const float* y, const float* gamma, const float* mean,
                                                 const float* variance, const float* gy, float* gx, float* ggamma,
                                                 float* gbeta, float* gresidual, void* workspace, void* stream);
EIDER_API int eider_cuda_batch_norm_gradient_bf16(int64_t rows, int64_t channels, float epsilon, int relu,
                                                  const uint16_t* x, const uint16_t* y, const float* gamma,
                                                  const float* mean, const float* variance, const uint16_t* gy,
                                                  uint16_t* gx, float* ggamma, float* gbeta, uint16_t* gresidual,
                                                  void* workspace, void* stream);
EIDER_API int eider_cuda_batch_norm_tangent_f32(int64_t rows, int64_t channels, float epsilon, int relu, const float* x,
                                                const float* y, const float* gamma, const float* mean,
                                                const float* variance, const float* tx, const float* tgamma,
                                                const float* tbeta, const float* tresidual, float* ty, float* tmean,
                                                float* tvariance, void* workspace, void* stream);
EIDER_API int eider_cuda_batch_norm_tangent_bf16(int64_t rows, int64_t channels, float epsilon, int relu,
                                                 const uint16_t* x, const uint16_t* y, const float* gamma,
                                                 const float* mean, const float* variance, const uint16_t* tx,
                                                 const float* tgamma, const float* tbeta, const uint16_t* tresidual,
                                                 uint16_t* ty, float* tmean, float* tvariance, void* workspace,
                                                 void* stream);
EIDER_API int64_t eider_cuda_batch_norm_workspace(int64_t rows, int64_t channels);

EIDER_API int eider_cuda_channel_affine_f32(int64_t rows, int64_t channels, int relu, const float* x,
                                            const float* scale, const float* shift, const float* residual, float* y,
                                            void* stream);
EIDER_API int eider_cuda_channel_affine_bf16(int64_t rows, int64_t channels, int relu, const uint16_t* x,
                                             const float* scale, const float* shift, const uint16_t* residual,
                                             uint16_t* y, void* stream);

// ---- pooling ----

EIDER_API int eider_cuda_max_pool_f32(int64_t n, int height, int width, int channels, int window, int stride,
                                      int padding, const float* x, uint8_t* place, float* y, void* stream);
EIDER_API int eider_cuda_max_pool_bf16(int64_t n, int height, int width, int channels, int window, int stride,
                                       int padding, const uint16_t* x, uint8_t* place, uint16_t* y, void* stream);
EIDER_API int eider_cuda_pick_in_window_f32(int64_t n, int height, int width, int channels, int window, int stride,
                                            int padding, const float* x, const uint8_t* place, float* y, void* stream);
EIDER_API int eider_cuda_pick_in_window_bf16(int64_t n, int height, int width, int channels, int window, int stride,
                                             int padding, const uint16_t* x, const uint8_t* place, uint16_t* y,
                                             void* stream);
EIDER_API int eider_cuda_place_in_window_f32(int64_t n, int height, int width, int channels, int window, int stride,
                                             int padding, const float* g, const uint8_t* place, float* gx,
                                             void* stream);
EIDER_API int eider_cuda_place_in_window_bf16(int64_t n, int height, int width, int channels, int window, int stride,
                                              int padding, const uint16_t* g, const uint8_t* place, uint16_t* gx,
                                              void* stream);

// ---- losses, as in abi.h; step is device memory, a status word is given ----

EIDER_API int eider_cuda_loss_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                  const int32_t* labels, const float* margins, float* losses, uint64_t* status,
                                  void* stream);
EIDER_API int eider_cuda_loss_gradient_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                           const int32_t* labels, const float* margins, const float* cotangent,
                                           float* gz, uint64_t* status, void* stream);
EIDER_API int eider_cuda_loss_tangent_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                          const int32_t* labels, const float* margins, const float* tz, float* tlosses,
                                          uint64_t* status, void* stream);
EIDER_API int eider_cuda_loss_meta_gradient_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                                const int32_t* labels, const float* margins, const float* tz,
                                                const float* class_weights, const float* step, float* tlosses,
                                                float* weights, float* gz, uint64_t* status, void* stream);

// ---- one column per row, with a status word ----

EIDER_API int eider_cuda_pick_f32(int64_t n, int64_t classes, const float* x, const int32_t* labels, float* y,
                                  uint64_t* status, void* stream);
EIDER_API int eider_cuda_place_f32(int64_t n, int64_t classes, const float* y, const int32_t* labels, float* x,
                                   uint64_t* status, void* stream);

// ---- images, with a status word ----

EIDER_API int eider_cuda_augment_u8(int64_t n, int height, int width, int channels, int pad, const uint8_t* pixels,
                                    const int32_t* draws, const float* table, float* out, uint64_t* status,
                                    void* stream);

// ---- many tensors at once: a table with one entry each, filled in on the host, numbered there and copied over ----

struct EiderCudaSgdEntry {
  const float *p, *m, *g;
  float *p_next, *m_next;
  int64_t n;            // elements
  int64_t first_chunk;  // by eider_cuda_sgd_chunks
};

struct EiderCudaScaleAddEntry {
  const float *x, *y;
  float* out;
  int64_t n;
  int64_t first_chunk;  // by eider_cuda_scale_add_chunks
};

struct EiderCudaCopyEntry {
  const float* x;
  float* out;
  int64_t n;
  int64_t first_chunk;  // by eider_cuda_copy_chunks
};

// Sets first_chunk in a table in host memory and returns how many chunks there are; -1 if an n is negative.
EIDER_API int64_t eider_cuda_sgd_chunks(int tensors, struct EiderCudaSgdEntry* table);
EIDER_API int64_t eider_cuda_scale_add_chunks(int tensors, struct EiderCudaScaleAddEntry* table);
EIDER_API int64_t eider_cuda_copy_chunks(int tensors, struct EiderCudaCopyEntry* table);

// eider_sgd_f32 of every entry of a table in device memory.
EIDER_API int eider_cuda_sgd_all_f32(int tensors, int64_t chunks, const struct EiderCudaSgdEntry* table,
                                     const float* learning_rate, float momentum, float weight_decay, int nesterov,
                                     void* stream);
// out = a[0] * x + y of every entry of a table in device memory: a look-ahead, with a = -eta.
EIDER_API int eider_cuda_scale_add_all_f32(int tensors, int64_t chunks, const struct EiderCudaScaleAddEntry* table,
                                           const float* a, void* stream);
// out = x of every entry of a table in device memory, if every one of so many status words is 0; else nothing.
EIDER_API int eider_cuda_commit_f32(int tensors, int64_t chunks, const struct EiderCudaCopyEntry* table, int words,
                                    const uint64_t* status, void* stream);

#ifdef __cplusplus
}
#endif

#endif
