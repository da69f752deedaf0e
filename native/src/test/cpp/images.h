// Drawn images of bytes with a table, and what a window of one is.
#ifndef EIDER_TEST_IMAGES_H
#define EIDER_TEST_IMAGES_H

#include "check.h"

namespace check {

struct Images {
  int n, height, width, channels;
  std::vector<uint8_t> pixels;
  Floats table;

  Images(int n, int height, int width, int channels)
      : n(n),
        height(height),
        width(width),
        channels(channels),
        pixels(size_t(n) * height * width * channels),
        table(normal(int64_t(channels) * 256)) {
    for (uint8_t& pixel : pixels) pixel = uint8_t(generator()());
  }

  int64_t size() const { return int64_t(height) * width * channels; }

  // NumPy's "reflect", by walking: from the edge inwards and back.
  static int reflected(int at, int size) {
    int place = 0, step = 1;
    for (int i = 0; i < std::abs(at); ++i) {
      if (place + step < 0 || place + step >= size) step = -step;
      place += step;
    }
    return place;
  }

  float at(int image, int y, int x, int c) const {
    const size_t i = ((size_t(image) * height + reflected(y, height)) * width + reflected(x, width)) * channels + c;
    return table[256 * c + pixels[i]];
  }

  // Holds a result against the windows that the draws say; images whose index is among the bad ones are NaN.
  void expect(const Floats& result, int pad, const std::vector<int32_t>& draws,
              const std::vector<int>& bad = {}) const {
    size_t i = 0;
    for (int image = 0; image < n; ++image) {
      const int32_t* draw = draws.data() + 3 * image;
      bool is_bad = false;
      for (const int other : bad) is_bad = is_bad || other == image;
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          const int column = draw[2] != 0 ? width - 1 - x : x;
          for (int c = 0; c < channels; ++c) {
            const float expected = is_bad ? NAN : at(image, y + draw[0] - pad, column + draw[1] - pad, c);
            near(result[i++], expected, 0, [=] { return check::at("image", image, y, x); });
          }
        }
      }
    }
  }

  // Draws that are none, for a padding by pad, each in another of the three numbers.
  static std::vector<std::vector<int32_t>> bad_draws(int pad) {
    return {{-1, 0, 0}, {2 * pad + 1, 0, 0}, {0, -1, 0},        {0, 2 * pad + 1, 0},
            {0, 0, -1}, {0, 0, 2},           {INT32_MIN, 0, 0}, {0, INT32_MAX, 1}};
  }
};

}  // namespace check

#endif
