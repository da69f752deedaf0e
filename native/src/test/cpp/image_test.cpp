// Images from bytes against a padded copy of the image, in many windows, flipped and not.
#include "images.h"

namespace {

using check::Floats;
using check::Images;

Floats augment(const Images& images, int pad, const std::vector<int32_t>& draws, int64_t status = 0) {
  Floats out(images.n * images.size(), -7);
  check::near(double(eider_augment_u8(images.n, images.height, images.width, images.channels, pad, images.pixels.data(),
                                      draws.data(), images.table.data(), out.data())),
              double(status), 0, "status");
  return out;
}

void windows(const Images& images, int pad, const std::vector<int32_t>& draws) {
  images.expect(augment(images, pad, draws), pad, draws);
}

void bad_draws() {
  // Enough for two threads, one of which meets two of them.
  const Images images(40, 16, 18, 3);
  for (const std::vector<int32_t>& bad : Images::bad_draws(2)) {
    std::vector<int32_t> draws(3 * images.n, 1);
    for (const int image : {17, 19, 39}) std::copy(bad.begin(), bad.end(), draws.begin() + 3 * image);
    images.expect(augment(images, 2, draws, 18), 2, draws, {17, 19, 39});
  }
}

void many_threads() {
  const Images images(33, 32, 32, 3);
  std::vector<int32_t> draws;
  for (int image = 0; image < images.n; ++image) {
    for (const int draw : {image % 9, image * 5 % 9, image % 2}) draws.push_back(draw);
  }
  check::same_for_all_threads([&] { return augment(images, 4, draws); }, "augment");
  windows(images, 4, draws);
}

}  // namespace

int main() {
  const Images small(2, 6, 7, 3);
  // Every top and every left, flipped and not.
  for (int top = 0; top <= 8; ++top) windows(small, 4, {top, top * 5 % 9, 0, top, top * 7 % 9, 1});
  windows(small, 0, {0, 0, 1, 0, 0, 0});
  windows(Images(2, 1, 9, 1), 0, {0, 0, 0, 0, 0, 1});
  many_threads();
  bad_draws();
  check::near(double(eider_augment_u8(0, 6, 7, 3, 4, nullptr, nullptr, nullptr, nullptr)), 0, 0, "no images");
  for (const int pad : {-1, 6}) {
    check::near(double(eider_augment_u8(2, 6, 7, 3, pad, nullptr, nullptr, nullptr, nullptr)), 1, 0, "padding by rows");
    check::near(double(eider_augment_u8(2, 7, 6, 3, pad, nullptr, nullptr, nullptr, nullptr)), 1, 0, "by columns");
  }
  return check::report();
}
