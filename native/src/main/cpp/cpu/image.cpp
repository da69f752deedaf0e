// A batch of images from bytes: each a window of its image padded by reflection, flipped left to right where told, and
// normalised by a table. Fused: pad, crop, flip and normalisation; reads 1 byte and writes 4 an element. The table, 1
// KiB a channel, stays in L1.
#include <algorithm>

#include "cpu/labels.h"
#include "rows/window.h"

namespace {

using namespace eider;

struct Sizes {
  int height, width, channels, pad;
  int64_t image() const { return int64_t(height) * width * channels; }
};

void augment(const Sizes& sizes, const uint8_t* pixels, const int32_t* draw, const float* table, float* out) {
  const int top = draw[0] - sizes.pad, left = draw[1] - sizes.pad;
  for (int y = 0; y < sizes.height; ++y) {
    const uint8_t* row = pixels + int64_t(rows::reflected(y + top, sizes.height)) * sizes.width * sizes.channels;
    for (int x = 0; x < sizes.width; ++x) {
      const int column = draw[2] != 0 ? sizes.width - 1 - x : x;
      const uint8_t* pixel = row + int64_t(rows::reflected(column + left, sizes.width)) * sizes.channels;
      for (int c = 0; c < sizes.channels; ++c) *out++ = table[c << 8 | pixel[c]];
    }
  }
}

int64_t augment_images(int64_t begin, int64_t end, const Sizes& sizes, const uint8_t* pixels, const int32_t* draws,
                       const float* table, float* out) {
  int64_t status = 0;
  for (int64_t i = begin; i < end; ++i) {
    float* image = out + i * sizes.image();
    if (rows::is_window(draws + 3 * i, sizes.pad)) {
      augment(sizes, pixels + i * sizes.image(), draws + 3 * i, table, image);
    } else {
      std::fill_n(image, sizes.image(), NAN);
      if (status == 0) status = bad_draw(i);
    }
  }
  return status;
}

}  // namespace

int64_t eider_augment_u8(int64_t n, int height, int width, int channels, int pad, const uint8_t* pixels,
                         const int32_t* draws, const float* table, float* out) {
  const Sizes sizes{height, width, channels, pad};
  if (pad < 0 || pad >= height || pad >= width) return n > 0 ? bad_draw(0) : 0;
  return first_bad_row(n, sizes.image(), [=](int64_t begin, int64_t end) {
    return augment_images(begin, end, sizes, pixels, draws, table, out);
  });
}
