// Pooling over square windows of images, f32 or bf16, a channel by itself.
//   max_pool         y = the largest pixel of each window; place = where it stands in the window
//   pick_in_window   y = the pixel at that place of each window: max pooling's tangent
//   place_in_window  gx = sum of the g of all windows that hold the pixel at that place: its gradient
//
// Bytes: an image's element (4, bf16: 2) once, a result's 5 (3) once, where rows of a window stay cached: one pass over
// the image. What comes in is compared with every place of its window in turn, 64 channels side by side, so that there
// is neither a gather nor a scatter: a place that does not match is a choice between two registers. The gradient walks
// its pixels and not the windows, so no two threads write one, and its sums are f32, in the order of the windows,
// rounded once.
#include "rows/pool.h"

#include <cmath>

#include "cpu/clones.h"
#include "cpu/parallel.h"
#include "rows/bfloat16.h"

namespace {

using namespace eider;
using rows::bfloats;
using rows::Pool;

// Channels side by side.
constexpr int kWidth = 64;

// A run of channels of one pixel of an image: the first channel, and where it lies among those of all images.
struct Run {
  int64_t image;
  int row, column, channel;
  int64_t offset;
};

// body(run, width) for runs that cover so many channels of so many columns of the lines from begin to end, which are
// all images' rows; with a constant width where it is the whole one.
template <class Body>
EIDER_INLINE void for_runs(int64_t begin, int64_t end, int rows, int columns, int channels, Body body) {
  for (int64_t line = begin; line < end; ++line) {
    Run run{line / rows, int(line % rows), 0, 0, line * columns * channels};
    for (; run.column < columns; ++run.column) {
      for (run.channel = 0; channels - run.channel >= kWidth; run.channel += kWidth) {
        body(run, kWidth);
        run.offset += kWidth;
      }
      const int rest = channels - run.channel;
      if (rest > 0) body(run, rest);
      run.offset += rest;
    }
  }
}

template <class T>
EIDER_CLONES void max_pool_lines(int64_t begin, int64_t end, const Pool& pool, const T* x, uint8_t* place, T* y) {
  const int64_t image_size = int64_t(pool.height) * pool.width * pool.channels;
  for_runs(begin, end, pool.rows, pool.columns, pool.channels, [=](const Run& run, int width) EIDER_LAMBDA {
    const int first = pool.first_place(run.row, run.column);
    float largest[kWidth];
    int chosen[kWidth];
    EIDER_SIMD for (int j = 0; j < width; ++j) largest[j] = -INFINITY, chosen[j] = first;
    const T* channels = x + run.image * image_size + run.channel;
    pool.each_place(run.row, run.column, [&](int at, int pixel) EIDER_LAMBDA {
      const T* from = channels + int64_t(pixel) * pool.channels;
      // Apart from the choice, or the load would be under its mask, and wait for the comparison: twice the time.
      float next[kWidth];
      EIDER_SIMD for (int j = 0; j < width; ++j) next[j] = from[j];
      EIDER_SIMD for (int j = 0; j < width; ++j) {
        const bool takes = rows::takes_over(next[j], largest[j]);
        largest[j] = takes ? next[j] : largest[j];
        chosen[j] = takes ? at : chosen[j];
      }
    });
    EIDER_SIMD for (int j = 0; j < width; ++j) {
      y[run.offset + j] = largest[j];
      place[run.offset + j] = uint8_t(chosen[j]);
    }
  });
}

template <class T>
EIDER_CLONES void pick_lines(int64_t begin, int64_t end, const Pool& pool, const T* x, const uint8_t* place, T* y) {
  const int64_t image_size = int64_t(pool.height) * pool.width * pool.channels;
  for_runs(begin, end, pool.rows, pool.columns, pool.channels, [=](const Run& run, int width) EIDER_LAMBDA {
    float picked[kWidth] = {};
    const T* channels = x + run.image * image_size + run.channel;
    pool.each_place(run.row, run.column, [&](int at, int pixel) EIDER_LAMBDA {
      const T* from = channels + int64_t(pixel) * pool.channels;
      EIDER_SIMD for (int j = 0; j < width; ++j) {
        const float v = from[j];
        picked[j] = place[run.offset + j] == at ? v : picked[j];
      }
    });
    EIDER_SIMD for (int j = 0; j < width; ++j) y[run.offset + j] = picked[j];
  });
}

template <class T>
EIDER_CLONES void place_lines(int64_t begin, int64_t end, const Pool& pool, const T* g, const uint8_t* place, T* gx) {
  const int64_t result_size = int64_t(pool.rows) * pool.columns * pool.channels;
  for_runs(begin, end, pool.height, pool.width, pool.channels, [=](const Run& run, int width) EIDER_LAMBDA {
    float sum[kWidth] = {};
    const int64_t channels = run.image * result_size + run.channel;
    pool.each_window(run.row, run.column, [&](int at, int result) EIDER_LAMBDA {
      const int64_t from = channels + int64_t(result) * pool.channels;
      EIDER_SIMD for (int j = 0; j < width; ++j) {
        const float v = g[from + j];
        sum[j] += place[from + j] == at ? v : 0.0f;
      }
    });
    EIDER_SIMD for (int j = 0; j < width; ++j) gx[run.offset + j] = sum[j];
  });
}

template <class T>
int max_pool(int64_t n, const Pool& pool, const T* x, uint8_t* place, T* y) {
  if (n < 0 || !pool.possible()) return 1;
  const int64_t lines = n * pool.rows;
  parallel_ranges(lines, lines * pool.columns * pool.channels,
                  [=, &pool](int64_t begin, int64_t end) { max_pool_lines(begin, end, pool, x, place, y); });
  return 0;
}

template <class T>
int pick_in_window(int64_t n, const Pool& pool, const T* x, const uint8_t* place, T* y) {
  if (n < 0 || !pool.possible()) return 1;
  const int64_t lines = n * pool.rows;
  parallel_ranges(lines, lines * pool.columns * pool.channels,
                  [=, &pool](int64_t begin, int64_t end) { pick_lines(begin, end, pool, x, place, y); });
  return 0;
}

template <class T>
int place_in_window(int64_t n, const Pool& pool, const T* g, const uint8_t* place, T* gx) {
  if (n < 0 || !pool.possible()) return 1;
  const int64_t lines = n * pool.height;
  parallel_ranges(lines, lines * pool.width * pool.channels,
                  [=, &pool](int64_t begin, int64_t end) { place_lines(begin, end, pool, g, place, gx); });
  return 0;
}

}  // namespace

int eider_max_pool_f32(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                       const float* x, uint8_t* place, float* y) {
  return max_pool(n, {height, width, channels, window, stride, padding}, x, place, y);
}

int eider_max_pool_bf16(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                        const uint16_t* x, uint8_t* place, uint16_t* y) {
  return max_pool(n, {height, width, channels, window, stride, padding}, bfloats(x), place, bfloats(y));
}

int eider_pick_in_window_f32(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                             const float* x, const uint8_t* place, float* y) {
  return pick_in_window(n, {height, width, channels, window, stride, padding}, x, place, y);
}

int eider_pick_in_window_bf16(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                              const uint16_t* x, const uint8_t* place, uint16_t* y) {
  return pick_in_window(n, {height, width, channels, window, stride, padding}, bfloats(x), place, bfloats(y));
}

int eider_place_in_window_f32(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                              const float* g, const uint8_t* place, float* gx) {
  return place_in_window(n, {height, width, channels, window, stride, padding}, g, place, gx);
}

int eider_place_in_window_bf16(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                               const uint16_t* g, const uint8_t* place, uint16_t* gx) {
  return place_in_window(n, {height, width, channels, window, stride, padding}, bfloats(g), place, bfloats(gx));
}
