// A batch of images from bytes: each a window of its image padded by reflection, flipped left to right where told, and
// normalised by a table.
//
// Fused: pad, crop, flip and normalisation, all functions of one output element and its source. Bytes: 1 read and 4
// written an element; the table (1 KiB a channel) stays in L1. No FLOPs, about 20 integer operations. The table makes
// the values those of the CPU, to the bit.
//
// Limits: n height width channels < 2^39, and pad < height, pad < width.
#include "cuda/labels.h"
#include "cuda_abi.h"
#include "rows/window.h"

namespace {

using namespace eider::cuda;
using eider::rows::is_window;
using eider::rows::reflected;

constexpr int kThreads = 256;

struct Images {
  int height, width, channels, pad;
  const uint8_t* pixels;  // (n, height, width, channels)
  const int32_t* draws;   // (n, 3): top, left, flip
  const float* table;     // (channels, 256)
};

__global__ void __launch_bounds__(kThreads) augment(int64_t n, Images from, float* out, Status* status) {
  const int64_t at = global_thread();
  const int64_t image_size = int64_t(from.height) * from.width * from.channels;
  if (at >= n * image_size) return;
  const int64_t image = at / image_size;
  const int inside = int(at % image_size);
  const int32_t* draw = from.draws + 3 * image;
  if (!is_window(draw, from.pad)) {
    out[at] = NAN;
    if (inside == 0) report(status, image, kBadDraw);
    return;
  }
  const int channel = inside % from.channels, pixel = inside / from.channels;
  const int column = pixel % from.width;
  const int y = reflected(pixel / from.width + draw[0] - from.pad, from.height);
  const int x = reflected((draw[2] != 0 ? from.width - 1 - column : column) + draw[1] - from.pad, from.width);
  const int64_t source = image * image_size + (int64_t(y) * from.width + x) * from.channels + channel;
  out[at] = from.table[channel << 8 | from.pixels[source]];
}

}  // namespace

int eider_cuda_augment_u8(int64_t n, int height, int width, int channels, int pad, const uint8_t* pixels,
                          const int32_t* draws, const float* table, float* out, uint64_t* status, void* stream) {
  if (n < 0 || height < 1 || width < 1 || channels < 1 || pad < 0 || pad >= height || pad >= width ||
      int64_t(height) * width * channels > INT32_MAX) {
    return cudaErrorInvalidValue;
  }
  if (n == 0) return cudaSuccess;
  const int64_t elements = n * height * width * channels;
  return launch(augment, {grid_of(ceil_div(elements, kThreads)), dim3(kThreads)}, stream, n,
                Images{height, width, channels, pad, pixels, draws, table}, out, reinterpret_cast<Status*>(status));
}
