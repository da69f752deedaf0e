// Augmentation in the emulator against a padded copy of the image, in many windows, flipped and not.
#include "cuda/harness.h"

namespace {

using check::Device;
using check::DeviceFloats;
using check::Floats;

struct Data {
  int images, height, width, channels;
  std::vector<uint8_t> pixels;
  Floats table;

  Data(int images, int height, int width, int channels)
      : images(images),
        height(height),
        width(width),
        channels(channels),
        pixels(size_t(images) * height * width * channels),
        table(check::normal(int64_t(channels) * 256)) {
    for (uint8_t& pixel : pixels) pixel = uint8_t(check::generator()());
  }

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
};

void augment(const Data& data, int pad, const std::vector<int32_t>& indices, const std::vector<int32_t>& draws) {
  const int n = int(indices.size()), size = data.height * data.width * data.channels;
  const Device<uint8_t> pixels(data.pixels);
  const Device<int32_t> at_indices(indices), at_draws(draws);
  const DeviceFloats table(data.table), out(int64_t(n) * size);
  check::done(eider_cuda_augment_u8(n, data.height, data.width, data.channels, pad, pixels, at_indices,
                                    draws.empty() ? nullptr : at_draws.data(), table, out, nullptr),
              "augment");
  const Floats result = out.host();
  size_t i = 0;
  for (int image = 0; image < n; ++image) {
    const int top = draws.empty() ? pad : draws[3 * image], left = draws.empty() ? pad : draws[3 * image + 1];
    const bool flip = !draws.empty() && draws[3 * image + 2] != 0;
    for (int y = 0; y < data.height; ++y) {
      for (int x = 0; x < data.width; ++x) {
        const int column = flip ? data.width - 1 - x : x;
        for (int c = 0; c < data.channels; ++c) {
          check::near(result[i++], data.at(indices[image], y + top - pad, column + left - pad, c), 0,
                      check::at("pixel", image, y, x));
        }
      }
    }
  }
}

}  // namespace

int main() {
  const Data small(5, 6, 7, 3);
  // Every top and every left, flipped and not.
  for (int top = 0; top <= 8; ++top) augment(small, 4, {4, 0}, {top, top * 5 % 9, 0, top, top * 7 % 9, 1});
  augment(small, 0, {3}, {0, 0, 1});
  augment(small, 4, {0, 1, 2, 3, 4, 0}, {});
  const Data flat(3, 1, 9, 1);
  augment(flat, 0, {2, 1}, {});
  const Data picture(2, 16, 16, 1);
  augment(picture, 4, {1, 0, 1}, {8, 0, 1, 0, 8, 0, 3, 5, 1});
  check::done(eider_cuda_augment_u8(0, 6, 7, 3, 4, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr), "no images");
  check::that(eider_cuda_augment_u8(1, 4, 7, 3, 4, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1,
              "padding as large as the image");
  check::that(eider_cuda_augment_u8(-1, 6, 7, 3, 4, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1,
              "negative size");
  return check::report();
}
