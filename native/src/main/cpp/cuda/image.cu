// A batch of images (n, height, width, channels) from a data set of bytes: chosen by index, cropped from their padding
// by reflection (which does not repeat the edge), flipped left to right where told, normalised by a table.
//
// Fused: gather, pad, crop, flip and normalisation, all functions of one output element and its source. Bytes: 1 read
// and 4 written an element; the table (1 KiB a channel) stays in L1. No FLOPs, about 20 integer operations. With no
// draws it is the plain, normalised image. The table makes the values those of the host, to the bit.
//
// Limits: n height width channels < 2^39, and pad < height, pad < width.
#include "cuda/device.h"
#include "cuda_abi.h"

namespace {

using namespace eider::cuda;

constexpr int kThreads = 256;

struct Images {
  int height, width, channels, pad;
  const uint8_t* pixels;   // (images, height, width, channels)
  const int32_t* indices;  // (n)
  const int32_t* draws;    // (n, 3): top, left, flip; may be NULL
  const float* table;      // (channels, 256)
};

// Which of `size` places a place outside them is.
__device__ __forceinline__ int reflected(int at, int size) {
  const int inside = at < 0 ? -at : at;
  return inside < size ? inside : 2 * (size - 1) - inside;
}

__global__ void __launch_bounds__(kThreads) augment(int64_t n, Images from, float* out) {
  const int64_t at = global_thread();
  const int64_t image_size = int64_t(from.height) * from.width * from.channels;
  if (at >= n * image_size) return;
  const int64_t image = at / image_size;
  const int inside = int(at % image_size);
  const int channel = inside % from.channels, pixel = inside / from.channels;
  int x = pixel % from.width, y = pixel / from.width;
  if (from.draws != nullptr) {
    const int32_t* draw = from.draws + 3 * image;
    if (draw[2] != 0) x = from.width - 1 - x;
    y = reflected(y + draw[0] - from.pad, from.height);
    x = reflected(x + draw[1] - from.pad, from.width);
  }
  const int64_t source = from.indices[image] * image_size + (int64_t(y) * from.width + x) * from.channels + channel;
  out[at] = from.table[channel << 8 | from.pixels[source]];
}

}  // namespace

int eider_cuda_augment_u8(int64_t n, int height, int width, int channels, int pad, const uint8_t* pixels,
                          const int32_t* indices, const int32_t* draws, const float* table, float* out, void* stream) {
  if (n < 0 || height < 1 || width < 1 || channels < 1 || pad < 0 || pad >= height || pad >= width ||
      int64_t(height) * width * channels > INT32_MAX) {
    return cudaErrorInvalidValue;
  }
  if (n == 0) return cudaSuccess;
  const int64_t elements = n * height * width * channels;
  return launch(augment, {grid_of(ceil_div(elements, kThreads)), dim3(kThreads)}, stream, n,
                Images{height, width, channels, pad, pixels, indices, draws, table}, out);
}
