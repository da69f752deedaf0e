// The CPU kernels' flat C ABI: the only header that Java binds.
//
// Conventions
//   All tensors are f32, contiguous unless strides are given, channels last (a "row" is one pixel of one image). In a
//   function whose name ends in bf16, arrays of uint16_t hold the bits of bfloat16: widened when read, rounded to
//   nearest even when written, and everything between is the function of f32's.
//   Sizes and strides count elements, never bytes, except where the name says bytes.
//   An output may be exactly the same array as an input of the same shape, unless a kernel says otherwise; partial
//   overlap is never allowed.
//   Results have the same bits for every number of threads, and on every x86-64 instruction set unless a kernel says
//   otherwise.
//   NaN in gives NaN out (relu and max included), but comparisons with NaN are false.
//
// Status
//   int      0 done, 1 impossible sizes (nothing was written).
//   int64_t  (kernels that read labels or draws) 0 done, otherwise the first bad example i: i + 1 if its label lies
//            outside [0, classes) or its draw is none, -(i + 1) if its loss is not finite. Bad labels and draws write
//            NaN; the other examples are computed.
#ifndef EIDER_ABI_H
#define EIDER_ABI_H

#include <stdint.h>

#define EIDER_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

// ---- memory ----

// Uninitialised memory, aligned to 64 bytes; from 2 MiB on aligned to 2 MiB and backed by huge pages where the system
// grants them. Zero bytes give a valid pointer. NULL if bytes < 0 or there is no memory.
EIDER_API void* eider_allocate(int64_t bytes);
EIDER_API void eider_free(void* memory);

// ---- runtime ----

// Compiler, flags and OpenMP version this library was built with, one line.
EIDER_API const char* eider_build_info(void);
// What run-time dispatch picks on this machine: "avx512", "avx2" or "baseline".
EIDER_API const char* eider_instruction_set(void);
// Whether products of vectors of bf16 take half the time of f32's here: on AMD's processors that have them, not on
// Intel's.
EIDER_API int eider_fast_bf16_vectors(void);
// Threads for large kernels that the calling thread runs from now on, at least 1 (else status 1). Also sets OpenMP's
// default for it, so that another library on the same OpenMP runtime (oneDNN) called from this thread uses as many and
// the pool is not rebuilt between the two.
EIDER_API int eider_set_threads(int threads);
EIDER_API int eider_threads(void);

// ---- element by element, n elements ----

EIDER_API int eider_negate_f32(int64_t n, const float* x, float* y);
EIDER_API int eider_exp_f32(int64_t n, const float* x, float* y);
EIDER_API int eider_log_f32(int64_t n, const float* x, float* y);
EIDER_API int eider_sqrt_f32(int64_t n, const float* x, float* y);
// max(x, 0)
EIDER_API int eider_relu_f32(int64_t n, const float* x, float* y);
// 1 if x > 0, else 0: relu's slope, 0 at the kink.
EIDER_API int eider_positive_f32(int64_t n, const float* x, float* y);

EIDER_API int eider_add_f32(int64_t n, const float* a, const float* b, float* y);
EIDER_API int eider_add_bf16(int64_t n, const uint16_t* a, const uint16_t* b, uint16_t* y);
EIDER_API int eider_subtract_f32(int64_t n, const float* a, const float* b, float* y);
EIDER_API int eider_multiply_f32(int64_t n, const float* a, const float* b, float* y);
EIDER_API int eider_divide_f32(int64_t n, const float* a, const float* b, float* y);
// 1 if a == b, else 0.
EIDER_API int eider_equal_f32(int64_t n, const float* a, const float* b, float* y);

// The types differ in size, so y must not overlap x.
EIDER_API int eider_cast_f32_to_bf16(int64_t n, const float* x, uint16_t* y);
EIDER_API int eider_cast_bf16_to_f32(int64_t n, const uint16_t* x, float* y);

EIDER_API int eider_fill_f32(int64_t n, float value, float* y);
EIDER_API int eider_fill_bf16(int64_t n, float value, uint16_t* y);
// out = a[0] * x + y
EIDER_API int eider_scale_add_f32(int64_t n, const float* a, const float* x, const float* y, float* out);

// ---- movement ----

// dst[sum_d i_d * dst_strides[d]] = src[sum_d i_d * src_strides[d]] for every index i of the box dims; rank 0 to 8.
// Broadcast (source stride 0), slice (offset pointers), pad (after a fill) and transpose are all this. Source and
// destination must not overlap, and no two indices may share a destination.
EIDER_API int eider_strided_copy_f32(int rank, const int64_t* dims, const int64_t* src_strides,
                                     const int64_t* dst_strides, const float* src, float* dst);
EIDER_API int eider_strided_copy_bf16(int rank, const int64_t* dims, const int64_t* src_strides,
                                      const int64_t* dst_strides, const uint16_t* src, uint16_t* dst);

// ---- reductions ----

// y[k] = sum (or max) over the reduced box of x; y is contiguous over the kept box, row-major in the order given.
// Ranks 0 to 8 each. An empty reduced box gives 0 (or -infinity). y must not overlap x.
EIDER_API int eider_sum_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                            const int64_t* reduced_dims, const int64_t* reduced_strides, const float* x, float* y,
                            void* workspace);
// A sum of bf16 is f32.
EIDER_API int eider_sum_bf16(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                             const int64_t* reduced_dims, const int64_t* reduced_strides, const uint16_t* x, float* y,
                             void* workspace);
EIDER_API int eider_max_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides, int reduced_rank,
                            const int64_t* reduced_dims, const int64_t* reduced_strides, const float* x, float* y,
                            void* workspace);
// Bytes of workspace for each, 0 if none is needed (workspace may then be NULL); -1 for impossible sizes.
EIDER_API int64_t eider_reduce_workspace_f32(int kept_rank, const int64_t* kept_dims, const int64_t* kept_strides,
                                             int reduced_rank, const int64_t* reduced_dims,
                                             const int64_t* reduced_strides);

// ---- batch normalisation over rows x channels, rows = N*H*W >= 1 ----

// xhat = (x - mean) / sqrt(variance + epsilon);  y = gamma * xhat + beta (+ residual unless NULL) (then relu).
// mean and variance (biased: divided by rows) are outputs, (channels).
EIDER_API int eider_batch_norm_f32(int64_t rows, int64_t channels, float epsilon, int relu, const float* x,
                                   const float* gamma, const float* beta, const float* residual, float* y, float* mean,
                                   float* variance, void* workspace);
EIDER_API int eider_batch_norm_bf16(int64_t rows, int64_t channels, float epsilon, int relu, const uint16_t* x,
                                    const float* gamma, const float* beta, const uint16_t* residual, uint16_t* y,
                                    float* mean, float* variance, void* workspace);
// Cotangent gy of y to cotangents of x, gamma, beta and (unless NULL) residual, through the batch statistics.
// y is read only if relu. gresidual must not be x; it may be gy.
EIDER_API int eider_batch_norm_gradient_f32(int64_t rows, int64_t channels, float epsilon, int relu, const float* x,
                                            const float* y, const float* gamma, const float* mean,
                                            const float* variance, const float* gy, float* gx, float* ggamma,
                                            float* gbeta, float* gresidual, void* workspace);
EIDER_API int eider_batch_norm_gradient_bf16(int64_t rows, int64_t channels, float epsilon, int relu, const uint16_t* x,
                                             const uint16_t* y, const float* gamma, const float* mean,
                                             const float* variance, const uint16_t* gy, uint16_t* gx, float* ggamma,
                                             float* gbeta, uint16_t* gresidual, void* workspace);
// Tangents of x, gamma, beta and (unless NULL) residual to tangents of y, mean and variance, through the batch
// statistics. y is read only if relu.
EIDER_API int eider_batch_norm_tangent_f32(int64_t rows, int64_t channels, float epsilon, int relu, const float* x,
                                           const float* y, const float* gamma, const float* mean, const float* variance,
                                           const float* tx, const float* tgamma, const float* tbeta,
                                           const float* tresidual, float* ty, float* tmean, float* tvariance,
                                           void* workspace);
EIDER_API int eider_batch_norm_tangent_bf16(int64_t rows, int64_t channels, float epsilon, int relu, const uint16_t* x,
                                            const uint16_t* y, const float* gamma, const float* mean,
                                            const float* variance, const uint16_t* tx, const float* tgamma,
                                            const float* tbeta, const uint16_t* tresidual, uint16_t* ty, float* tmean,
                                            float* tvariance, void* workspace);
// Bytes of workspace for each of the three.
EIDER_API int64_t eider_batch_norm_workspace(int64_t rows, int64_t channels);

// y = x * scale + shift (+ residual unless NULL) (then relu); scale and shift are (channels). Inference batch norm.
EIDER_API int eider_channel_affine_f32(int64_t rows, int64_t channels, int relu, const float* x, const float* scale,
                                       const float* shift, const float* residual, float* y);
EIDER_API int eider_channel_affine_bf16(int64_t rows, int64_t channels, int relu, const uint16_t* x, const float* scale,
                                        const float* shift, const uint16_t* residual, uint16_t* y);

// ---- pooling ----

// Of images x (n, height, width, channels), square windows a stride apart, the first at -padding in both axes; padding
// has no value and is never chosen. Results are (n, rows, columns, channels), rows = (height + 2 padding - window) /
// stride + 1, columns likewise. A place in a window is row * window + column. window is 1 to 15, padding less; an image
// with its padding has fewer than 2^31 elements.
// y = the largest pixel of each window and channel, place = where it stands: the first of equals (0 and -0 are), NaN
// before any number. Neither is x.
EIDER_API int eider_max_pool_f32(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                                 const float* x, uint8_t* place, float* y);
EIDER_API int eider_max_pool_bf16(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                                  const uint16_t* x, uint8_t* place, uint16_t* y);
// y = the pixel at a given place of each window, 0 if that is padding or no place: the tangent of max pooling. y is not
// x.
EIDER_API int eider_pick_in_window_f32(int64_t n, int height, int width, int channels, int window, int stride,
                                       int padding, const float* x, const uint8_t* place, float* y);
EIDER_API int eider_pick_in_window_bf16(int64_t n, int height, int width, int channels, int window, int stride,
                                        int padding, const uint16_t* x, const uint8_t* place, uint16_t* y);
// gx = of each pixel the sum of the g (of the results' shape) of the windows in which it has the given place, in the
// windows' order: the gradient of max pooling. gx is not g.
EIDER_API int eider_place_in_window_f32(int64_t n, int height, int width, int channels, int window, int stride,
                                        int padding, const float* g, const uint8_t* place, float* gx);
EIDER_API int eider_place_in_window_bf16(int64_t n, int height, int width, int channels, int window, int stride,
                                         int padding, const uint16_t* g, const uint8_t* place, uint16_t* gx);

// ---- 3x3 convolutions with stride 1 and padding 1 by Winograd's algorithm ----

// Images are (n, height, width, channels), filters (outputs, 3, 3, inputs); numbers of channels are multiples of 16.
// With AVX-512 their bits are others than without, for then products are added without being rounded. A number that is
// not finite makes NaN of all four results of each 2x2 tile that it is part of.
// Whether these are worth calling on this machine: they compute everywhere, but are fast with AVX-512.
EIDER_API int eider_winograd_supported(void);
// y = conv(x, w) (+ addend unless NULL, which may be y); y is no other input.
EIDER_API int eider_winograd_f32(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                 const float* x, const float* w, const float* addend, float* y, void* workspace);
// Cotangent gy of y to that of x (+ addend unless NULL, which may be gx); gx is no other input.
EIDER_API int eider_winograd_gradient_input_f32(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                int64_t outputs, const float* gy, const float* w, const float* addend,
                                                float* gx, void* workspace);
// Bytes of workspace for either with at most so many threads.
EIDER_API int64_t eider_winograd_workspace(int threads, int64_t inputs, int64_t outputs);
// Cotangent gy of y to that of w. gw is no input.
EIDER_API int eider_winograd_gradient_filter_f32(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                 int64_t outputs, const float* x, const float* gy, float* gw,
                                                 void* workspace);
EIDER_API int64_t eider_winograd_gradient_filter_workspace(int threads, int64_t n, int64_t height, int64_t width,
                                                           int64_t inputs, int64_t outputs);

// ---- 3x3 convolutions of bf16 with stride 1 and padding 1 on the processor's matrix unit ----

// Images are (n, height, width, channels), filters (outputs, 3, 3, inputs). Widths are even; numbers of channels are
// multiples of 32, or both are 16 and rows have at least 16 pixels. Sums are f32, rounded once. With AMX they are added
// in another order than without, so that their bits are others, and numbers below f32's smallest normal one count as
// zero. A number that is not finite may make NaN of everything within two pixels of it, and of the gradient in every
// filter of its channel.

// Whether these are worth calling on this machine: they compute everywhere, but are fast with AMX alone.
EIDER_API int eider_tile_convolution_supported(void);
// y = conv(x, w) (+ addend unless NULL, which may be y); y is no other input.
EIDER_API int eider_tile_convolution_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                          const uint16_t* x, const uint16_t* w, const uint16_t* addend, uint16_t* y,
                                          void* workspace);
// Cotangent gy of y to that of x (+ addend unless NULL, which may be gx); gx is no other input.
EIDER_API int eider_tile_convolution_gradient_input_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                         int64_t outputs, const uint16_t* gy, const uint16_t* w,
                                                         const uint16_t* addend, uint16_t* gx, void* workspace);
// Bytes of workspace for either with at most so many threads.
EIDER_API int64_t eider_tile_convolution_workspace(int threads, int64_t height, int64_t width, int64_t inputs,
                                                   int64_t outputs);
// Cotangent gy of y to that of w, in f32. gw is no input.
EIDER_API int eider_tile_convolution_gradient_filter_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                          int64_t outputs, const uint16_t* x, const uint16_t* gy,
                                                          float* gw, void* workspace);
EIDER_API int64_t eider_tile_convolution_gradient_filter_workspace(int threads, int64_t n, int64_t height,
                                                                   int64_t width, int64_t inputs, int64_t outputs);

// ---- 3x3 convolutions of bf16 with padding 1 by the processor's products of pairs ----

// Images are (n, height, width, channels), filters (outputs, 3, 3, inputs); numbers of channels are multiples of 16.
// Sums are f32, rounded once. With AVX-512's products they are added in another order than without, so that their bits
// are others, and numbers below f32's smallest normal one count as zero. eider_fast_bf16_vectors says where these are
// worth calling.

// y = conv(x, w) (+ addend unless NULL, which may be y), stride 1; y is no other input.
EIDER_API int eider_pair_convolution_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                          const uint16_t* x, const uint16_t* w, const uint16_t* addend, uint16_t* y,
                                          void* workspace);
// Cotangent gy of y to that of x (+ addend unless NULL, which may be gx); gx is no other input.
EIDER_API int eider_pair_convolution_gradient_input_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                         int64_t outputs, const uint16_t* gy, const uint16_t* w,
                                                         const uint16_t* addend, uint16_t* gx, void* workspace);
// Bytes of workspace for either with at most so many threads.
EIDER_API int64_t eider_pair_convolution_workspace(int threads, int64_t height, int64_t width, int64_t inputs,
                                                   int64_t outputs);
// Cotangent gy of y to that of w, in f32, for a stride of 1 or 2; gy's width is even. gw is no input.
EIDER_API int eider_pair_convolution_gradient_filter_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                          int64_t outputs, int64_t stride, const uint16_t* x,
                                                          const uint16_t* gy, float* gw, void* workspace);
EIDER_API int64_t eider_pair_convolution_gradient_filter_workspace(int threads, int64_t n, int64_t height,
                                                                   int64_t width, int64_t inputs, int64_t outputs,
                                                                   int64_t stride);

// ---- losses of logits z (n, classes) with labels (n), in nats, not reduced; formulas in rows/ ----

// Which loss. Its parameter: focal's gamma >= 0, LDAM's scale > 0, else ignored.
enum EiderLoss {
  EIDER_CROSS_ENTROPY = 0,
  EIDER_FOCAL = 1,          // of the softmax
  EIDER_SIGMOID_FOCAL = 2,  // one against all, summed over the classes
  EIDER_LDAM = 3            // cross-entropy of scale * (z_i - margins[i] at the label)
};

// losses[i] = L(z_i, label_i). margins (n) may be NULL for zeros; only the softmax's losses read them.
EIDER_API int64_t eider_loss_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                 const int32_t* labels, const float* margins, float* losses);
// gz_i = cotangent[i] * dL/dz_i
EIDER_API int64_t eider_loss_gradient_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                          const int32_t* labels, const float* margins, const float* cotangent,
                                          float* gz);
// tlosses[i] = sum_j dL/dz_i[j] * tz_i[j]
EIDER_API int64_t eider_loss_tangent_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                         const int32_t* labels, const float* margins, const float* tz, float* tlosses);
// tlosses as above; weights[i] = class_weights[i] + step[0] * tlosses[i];  gz_i = weights[i] / n * dL/dz_i
EIDER_API int64_t eider_loss_meta_gradient_f32(int loss, float parameter, int64_t n, int64_t classes, const float* z,
                                               const int32_t* labels, const float* margins, const float* tz,
                                               const float* class_weights, const float* step, float* tlosses,
                                               float* weights, float* gz);

// ---- one column per row ----

// y[i] = x[i, label_i]
EIDER_API int64_t eider_pick_f32(int64_t n, int64_t classes, const float* x, const int32_t* labels, float* y);
// x = 0 except x[i, label_i] = y[i]: the adjoint of pick.
EIDER_API int64_t eider_place_f32(int64_t n, int64_t classes, const float* y, const int32_t* labels, float* x);

// ---- images ----

// out (n, height, width, channels), f32: of pixels, bytes of that shape, a window of each image padded by reflection
// without the edge, flipped left to right where told, normalised by table (channels, 256). draws (n, 3) are top and
// left of the window in [0, 2 pad] and 0 or 1, whether to flip; (pad, pad, 0) is the image itself. pad < height and pad
// < width, else no draw is one.
EIDER_API int64_t eider_augment_u8(int64_t n, int height, int width, int channels, int pad, const uint8_t* pixels,
                                   const int32_t* draws, const float* table, float* out);

// ---- optimiser ----

// d = g + weight_decay * p;  m_next = momentum * m + d;  p_next = p - learning_rate[0] * (nesterov ? d + momentum *
// m_next : m_next). PyTorch's SGD without dampening.
EIDER_API int eider_sgd_f32(int64_t n, const float* learning_rate, float momentum, float weight_decay, int nesterov,
                            const float* p, const float* m, const float* g, float* p_next, float* m_next);

#ifdef __cplusplus
}
#endif

#endif
