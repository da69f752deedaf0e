// 3x3 convolutions of bf16 images with stride 1 and padding 1, and their two adjoints, on the processor's matrix unit:
// tile_convolution_loops.h, tile_gradient_loops.h. Here work is given out to threads.
//
// Bytes: x once, y once, filters, and an addend; the gradient in the filters reads x and g once.
// Multiplications: a direct convolution's, times 4/3 with 16 channels, whose 3 taps are two pairs; and those of the
// pixels that a row lacks of a whole number of tiles.
#include "cpu/tile_convolution.h"

#include <algorithm>

#include "abi.h"
#include "cpu/parallel.h"

#if defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace {

using namespace eider;

#if defined(__x86_64__)
// Linux keeps a process from the tiles until it asks for them.
bool asked_for_tiles() {
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  return __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bf16") && syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

bool has_tiles() {
  static const bool has = asked_for_tiles();
  return has;
}

// Calls the loop for this machine.
#define EIDER_DISPATCH(function, ...) (has_tiles() ? amx::function(__VA_ARGS__) : arrays::function(__VA_ARGS__))
#else
bool has_tiles() { return false; }
#define EIDER_DISPATCH(function, ...) arrays::function(__VA_ARGS__)
#endif

bool possible(int64_t n, const TiledImages& images, int64_t inputs, int64_t outputs) {
  return n >= 0 && images.height >= 0 && images.width >= 0 && tileable(images, inputs, outputs);
}

int64_t convolution_bytes(int threads, const TiledImages& images, int64_t inputs, int64_t outputs) {
  return 2 * (tiled_filter(inputs, outputs) + threads * convolution_bfloats(images, inputs));
}

// tile(rows of filters) by all threads, then y = conv(x, filters) (+ addend), image by image.
template <class Tile>
void tile_then_convolve(int64_t n, const TiledImages& images, int64_t inputs, int64_t outputs, const uint16_t* x,
                        const uint16_t* addend, uint16_t* y, uint16_t* u, Tile tile) {
  const int64_t own = convolution_bfloats(images, inputs), groups = blocks_of(n, images.abreast());
  uint16_t* per_thread = u + tiled_filter(inputs, outputs);
#pragma omp parallel num_threads(threads_for(n* images.pixels() * (inputs + outputs), groups))
  {
    tile(my_share(tile_pairs(inputs, outputs) * 3));
#pragma omp barrier
    const Range mine = my_share(groups);
    EIDER_DISPATCH(convolve, mine.begin, mine.end, n, images, inputs, outputs, x, u, addend, y,
                   per_thread + omp_get_thread_num() * own);
  }
}

}  // namespace

int eider_tile_convolution_supported(void) { return has_tiles() ? 1 : 0; }

int64_t eider_tile_convolution_workspace(int threads, int64_t height, int64_t width, int64_t inputs, int64_t outputs) {
  const TiledImages images{height, width};
  return std::max(convolution_bytes(threads, images, inputs, outputs),
                  convolution_bytes(threads, images, outputs, inputs));
}

int eider_tile_convolution_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                const uint16_t* x, const uint16_t* w, const uint16_t* addend, uint16_t* y,
                                void* workspace) {
  const TiledImages images{height, width};
  if (!possible(n, images, inputs, outputs)) return 1;
  uint16_t* u = static_cast<uint16_t*>(workspace);
  tile_then_convolve(n, images, inputs, outputs, x, addend, y, u,
                     [=](Range mine) { EIDER_DISPATCH(tile_filters, mine.begin, mine.end, inputs, outputs, w, u); });
  return 0;
}

int eider_tile_convolution_gradient_input_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                               int64_t outputs, const uint16_t* gy, const uint16_t* w,
                                               const uint16_t* addend, uint16_t* gx, void* workspace) {
  const TiledImages images{height, width};
  if (!possible(n, images, inputs, outputs)) return 1;
  uint16_t* u = static_cast<uint16_t*>(workspace);
  tile_then_convolve(n, images, outputs, inputs, gy, addend, gx, u, [=](Range mine) {
    EIDER_DISPATCH(tile_filters_rotated, mine.begin, mine.end, inputs, outputs, w, u);
  });
  return 0;
}

int64_t eider_tile_convolution_gradient_filter_workspace(int threads, int64_t n, int64_t height, int64_t width,
                                                         int64_t inputs, int64_t outputs) {
  const int64_t chunk = 9 * inputs * outputs, chunks = chunk_count(n, chunk);
  return 4 * chunks * chunk + 2 * std::min<int64_t>(threads, chunks) *
                                  gradient_bfloats({height, width}, blocks_of(n, chunks), inputs, outputs);
}

int eider_tile_convolution_gradient_filter_bf16(int64_t n, int64_t height, int64_t width, int64_t inputs,
                                                int64_t outputs, const uint16_t* x, const uint16_t* gy, float* gw,
                                                void* workspace) {
  const TiledImages images{height, width};
  if (!possible(n, images, inputs, outputs)) return 1;
  const int64_t chunk = 9 * inputs * outputs, chunks = chunk_count(n, chunk);
  const int64_t own = gradient_bfloats(images, blocks_of(n, chunks), inputs, outputs);
  float* sums = static_cast<float*>(workspace);
  uint16_t* per_thread = reinterpret_cast<uint16_t*>(sums + chunks * chunk);
#pragma omp parallel num_threads(threads_for(n* height* width*(inputs + outputs), chunks))
  {
    const Range mine = my_share(chunks);
    for (int64_t i = mine.begin; i < mine.end; ++i) {
      EIDER_DISPATCH(filter_gradient, n * i / chunks, n * (i + 1) / chunks, images, inputs, outputs, x, gy,
                     sums + i * chunk, per_thread + omp_get_thread_num() * own);
    }
#pragma omp barrier
    const Range filters = my_share(outputs * 9);
    EIDER_DISPATCH(finish_filter_gradient, filters.begin, filters.end, inputs, outputs, chunks, sums, gw);
  }
  return 0;
}
