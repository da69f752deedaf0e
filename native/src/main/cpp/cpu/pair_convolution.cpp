// 3x3 convolutions of bf16 images with padding 1 and their two adjoints by the processor's products of pairs:
// pair_convolution_loops.h, pair_gradient_loops.h. Here work is given out to threads.
//
// Bytes: x once, y once, filters, and an addend; the gradient in the filters reads x and g once.
// Multiplications: a direct convolution's, those with the zeros around an image, and those of the pixels that a row
// lacks of a multiple of 16.
#include "cpu/pair_convolution.h"

#include <algorithm>

#include "abi.h"
#include "cpu/parallel.h"

namespace {

using namespace eider;

#if defined(__x86_64__)
bool has_products() {
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}

// Calls the loop for this machine.
#define EIDER_DISPATCH(function, ...) \
  (has_products() ? avx512bf16::function(__VA_ARGS__) : plain::function(__VA_ARGS__))
#else
#define EIDER_DISPATCH(function, ...) plain::function(__VA_ARGS__)
#endif

bool possible(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs) {
  return n >= 0 && height > 0 && width > 0 && inputs > 0 && inputs % kPairLanes == 0 && outputs > 0 &&
         outputs % kPairLanes == 0;
}

bool possible_gradient(int64_t n, const PairedImages& images) {
  return possible(n, images.height, images.width, images.inputs, images.outputs) &&
         (images.stride == 1 || images.stride == 2) && images.columns() % 2 == 0;
}

int64_t filter_numbers(const PairedImages& images) { return 9 * images.inputs * images.outputs; }

int64_t framed_bfloats(const PairedImages& images) { return images.inputs / kPairLanes * images.framed_bfloats(); }

int64_t convolution_bytes(int threads, const PairedImages& images) {
  return 2 * (filter_numbers(images) + threads * framed_bfloats(images));
}

// pair(blocks of filters) by all threads, then y = conv(x, filters) (+ addend), image by image.
template <class Pair>
void pair_then_convolve(int64_t n, const PairedImages& images, const uint16_t* x, const uint16_t* addend, uint16_t* y,
                        uint16_t* u, Pair pair) {
  uint16_t* per_thread = u + filter_numbers(images);
  const int threads = threads_for(n * images.height * images.width * (images.inputs + images.outputs), n);
#pragma omp parallel num_threads(threads)
  {
    pair(my_share(images.inputs / kPairLanes * (images.outputs / kPairLanes)));
#pragma omp barrier
    const Range mine = my_share(n);
    EIDER_DISPATCH(convolve, mine.begin, mine.end, images, x, u, addend, y,
                   per_thread + omp_get_thread_num() * framed_bfloats(images));
  }
}

// gw[begin, end) from the sums of all chunks, added in order.
EIDER_CLONES void add_chunks(int64_t begin, int64_t end, int64_t chunks, int64_t chunk, const float* sums, float* gw) {
  std::copy(sums + begin, sums + end, gw + begin);
  for (int64_t i = 1; i < chunks; ++i) {
    for (int64_t j = begin; j < end; ++j) gw[j] += sums[i * chunk + j];
  }
}

}  // namespace

int64_t eider_pair_convolution_workspace(int threads, int64_t height, int64_t width, int64_t inputs, int64_t outputs) {
  return std::max(convolution_bytes(threads, {height, width, inputs, outputs, 1}),
                  convolution_bytes(threads, {height, width, outputs, inputs, 1}));
}

int eider_pair_convolution_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                const uint16_t* x, const uint16_t* w, const uint16_t* addend, uint16_t* y,
                                void* workspace) {
  if (!possible(n, height, width, inputs, outputs)) return 1;
  uint16_t* u = static_cast<uint16_t*>(workspace);
  pair_then_convolve(n, {height, width, inputs, outputs, 1}, x, addend, y, u,
                     [=](Range mine) { EIDER_DISPATCH(pair_filters, mine.begin, mine.end, inputs, outputs, w, u); });
  return 0;
}

int eider_pair_convolution_gradient_input_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                               int64_t outputs, const uint16_t* gy, const uint16_t* w,
                                               const uint16_t* addend, uint16_t* gx, void* workspace) {
  if (!possible(n, height, width, inputs, outputs)) return 1;
  uint16_t* u = static_cast<uint16_t*>(workspace);
  pair_then_convolve(n, {height, width, outputs, inputs, 1}, gy, addend, gx, u, [=](Range mine) {
    EIDER_DISPATCH(pair_filters_rotated, mine.begin, mine.end, inputs, outputs, w, u);
  });
  return 0;
}

int64_t eider_pair_convolution_gradient_filter_workspace(int threads, int64_t n, int64_t height, int64_t width,
                                                         int64_t inputs, int64_t outputs, int64_t stride) {
  const PairedImages images{height, width, inputs, outputs, stride};
  if (!possible_gradient(n, images)) return 0;
  const int64_t chunk = filter_numbers(images), chunks = chunk_count(n, chunk);
  return 4 * chunks * chunk + 2 * std::min<int64_t>(threads, chunks) * images.together() * images.bfloats();
}

int eider_pair_convolution_gradient_filter_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                int64_t outputs, int64_t stride, const uint16_t* x, const uint16_t* gy,
                                                float* gw, void* workspace) {
  const PairedImages images{height, width, inputs, outputs, stride};
  if (!possible_gradient(n, images)) return 1;
  const int64_t chunk = filter_numbers(images), chunks = chunk_count(n, chunk);
  float* sums = static_cast<float*>(workspace);
  uint16_t* per_thread = reinterpret_cast<uint16_t*>(sums + chunks * chunk);
  const int threads = threads_for(n * height * width * (inputs + outputs), chunks);
#pragma omp parallel num_threads(threads)
  {
    uint16_t* own = per_thread + omp_get_thread_num() * images.together() * images.bfloats();
    const Range mine = my_share(chunks);
    for (int64_t i = mine.begin; i < mine.end; ++i) {
      std::fill_n(sums + i * chunk, chunk, 0.0f);
      EIDER_DISPATCH(filter_gradient, n * i / chunks, n * (i + 1) / chunks, images, x, gy, sums + i * chunk, own);
    }
#pragma omp barrier
    const Range numbers = my_share(chunk);
    add_chunks(numbers.begin, numbers.end, chunks, chunk, sums, gw);
  }
  return 0;
}
