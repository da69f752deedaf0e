// 3x3 convolutions with stride 1 and padding 1, and their two adjoints, by Winograd's algorithm: winograd_tiles.h. Here
// work is given out to threads.
//
// Bytes: x once (each pixel is read by the two tiles above one another that share it), y once, filters.
// Multiplications: 4/9 of a direct convolution's; transforms add 24 (inputs) and 24 (results) additions of a vector a
// tile and 16 channels.
#include "cpu/winograd.h"

#include <algorithm>

#include "abi.h"
#include "cpu/parallel.h"

namespace {

using namespace eider;

#if defined(__x86_64__)
bool has_avx512() { return __builtin_cpu_supports("avx512f"); }
#else
bool has_avx512() { return false; }
#endif

// Calls the loop for this machine.
#define EIDER_DISPATCH(function, ...) (has_avx512() ? avx512::function(__VA_ARGS__) : baseline::function(__VA_ARGS__))

bool possible(const WinogradImages& images, int64_t inputs, int64_t outputs) {
  return images.count >= 0 && images.height >= 0 && images.width >= 0 && inputs > 0 && outputs > 0 &&
         inputs % kWinogradLanes == 0 && outputs % kWinogradLanes == 0;
}

int64_t filter_floats(int64_t inputs, int64_t outputs) { return 16 * inputs * outputs; }

// transform(blocks) by all threads, then convolve(batches, workspace of this thread).
template <class Transform, class Convolve>
void transform_then_convolve(int64_t blocks, const WinogradImages& images, int64_t channels, float* per_thread,
                             Transform transform, Convolve convolve) {
  const int threads = threads_for(images.count * images.height * images.width * channels, images.batches());
#pragma omp parallel num_threads(threads)
  {
    transform(my_share(blocks));
#pragma omp barrier
    convolve(my_share(images.batches()), per_thread + omp_get_thread_num() * winograd_batch_floats(channels));
  }
}

}  // namespace

int eider_winograd_supported(void) { return has_avx512() ? 1 : 0; }

int64_t eider_winograd_workspace(int threads, int64_t inputs, int64_t outputs) {
  return 4 * (filter_floats(inputs, outputs) + threads * winograd_batch_floats(inputs + outputs));
}

int64_t eider_winograd_gradient_filter_workspace(int threads, int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                 int64_t outputs) {
  return 4 * (chunk_count(WinogradImages{n, height, width}.batches(), filter_floats(inputs, outputs)) *
                  filter_floats(inputs, outputs) +
              threads * winograd_batch_floats(inputs + outputs));
}

int eider_winograd_f32(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs, const float* x,
                       const float* w, const float* addend, float* y, void* workspace) {
  const WinogradImages images{n, height, width};
  if (!possible(images, inputs, outputs)) return 1;
  float* u = static_cast<float*>(workspace);
  transform_then_convolve(
      outputs / kWinogradLanes * (inputs / kWinogradLanes), images, inputs + outputs,
      u + filter_floats(inputs, outputs),
      [=](Range mine) { EIDER_DISPATCH(transform_filters, mine.begin, mine.end, inputs, outputs, w, u); },
      [&](Range mine, float* own) {
        EIDER_DISPATCH(convolve, mine.begin, mine.end, images, inputs, outputs, x, u, addend, y, own);
      });
  return 0;
}

int eider_winograd_gradient_input_f32(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                      const float* gy, const float* w, const float* addend, float* gx,
                                      void* workspace) {
  const WinogradImages images{n, height, width};
  if (!possible(images, inputs, outputs)) return 1;
  float* u = static_cast<float*>(workspace);
  transform_then_convolve(
      outputs / kWinogradLanes * (inputs / kWinogradLanes), images, inputs + outputs,
      u + filter_floats(inputs, outputs),
      [=](Range mine) { EIDER_DISPATCH(transform_filters_rotated, mine.begin, mine.end, inputs, outputs, w, u); },
      [&](Range mine, float* own) {
        EIDER_DISPATCH(convolve, mine.begin, mine.end, images, outputs, inputs, gy, u, addend, gx, own);
      });
  return 0;
}

int eider_winograd_gradient_filter_f32(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                       const float* x, const float* gy, float* gw, void* workspace) {
  const WinogradImages images{n, height, width};
  if (!possible(images, inputs, outputs)) return 1;
  const int64_t chunk = filter_floats(inputs, outputs), chunks = chunk_count(images.batches(), chunk);
  float* sums = static_cast<float*>(workspace);
  float* per_thread = sums + chunks * chunk;
  const int threads = threads_for(n * height * width * (inputs + outputs), chunks);
#pragma omp parallel num_threads(threads)
  {
    float* own = per_thread + omp_get_thread_num() * winograd_batch_floats(inputs + outputs);
    const Range mine = my_share(chunks);
    for (int64_t i = mine.begin; i < mine.end; ++i) {
      std::fill_n(sums + i * chunk, chunk, 0.0f);
      EIDER_DISPATCH(accumulate_filter_gradient, images.batches() * i / chunks, images.batches() * (i + 1) / chunks,
                     images, inputs, outputs, x, gy, sums + i * chunk, own);
    }
#pragma omp barrier
    const Range filters = my_share(inputs / kWinogradLanes * outputs);
    EIDER_DISPATCH(finish_filter_gradient, filters.begin, filters.end, inputs, outputs, chunks, sums, gw);
  }
  return 0;
}
