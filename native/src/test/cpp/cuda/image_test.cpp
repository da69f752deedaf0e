// Images from bytes in the emulator against a padded copy of the image, in many windows, flipped and not.
#include "cuda/harness.h"
#include "images.h"

namespace {

using check::Device;
using check::DeviceFloats;
using check::Images;

void augment(const Images& images, int pad, const std::vector<int32_t>& draws, int64_t expected = 0,
             const std::vector<int>& bad = {}) {
  const Device<uint8_t> pixels(images.pixels);
  const Device<int32_t> at_draws(draws);
  const Device<uint64_t> status(std::vector<uint64_t>(1, 0));
  const DeviceFloats table(images.table), out(images.n * images.size());
  check::done(eider_cuda_augment_u8(images.n, images.height, images.width, images.channels, pad, pixels, at_draws,
                                    table, out, status, nullptr),
              "augment");
  images.expect(out.host(), pad, draws, bad);
  check::that(eider_cuda_status(status.host()[0]) == expected, "status");
}

void bad_draws() {
  const Images images(7, 6, 7, 3);
  for (const std::vector<int32_t>& bad : Images::bad_draws(2)) {
    std::vector<int32_t> draws(3 * images.n, 1);
    for (const int image : {3, 6}) std::copy(bad.begin(), bad.end(), draws.begin() + 3 * image);
    augment(images, 2, draws, 4, {3, 6});
  }
}

int refused(int64_t n, int height, int width, int pad) {
  return eider_cuda_augment_u8(n, height, width, 3, pad, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
}

}  // namespace

int main() {
  const Images small(2, 6, 7, 3);
  // Every top and every left, flipped and not.
  for (int top = 0; top <= 8; ++top) augment(small, 4, {top, top * 5 % 9, 0, top, top * 7 % 9, 1});
  augment(small, 0, {0, 0, 1, 0, 0, 0});
  augment(Images(2, 1, 9, 1), 0, {0, 0, 0, 0, 0, 1});
  augment(Images(3, 16, 16, 1), 4, {8, 0, 1, 0, 8, 0, 3, 5, 1});
  bad_draws();
  check::done(refused(0, 6, 7, 4), "no images");
  check::that(refused(1, 4, 7, 4) == 1 && refused(1, 7, 4, 4) == 1, "padding as large as the image");
  check::that(refused(-1, 6, 7, 4) == 1, "negative size");
  return check::report();
}
