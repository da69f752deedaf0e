// Convolutions of bf16 by tiles and their adjoints, with and without an addend, against a direct f64 sum at awkward
// sizes, and for any number of threads: with the processor's tiles where it has them, and with arrays in their place.
#include "cpu/tile_convolution.h"

#include "bfloat_convolution.h"

namespace {

using check::Bits;
using check::Floats;
using check::Scratch;
using Case = check::BFloatConvolution;
using Size = check::Convolution;

constexpr double kDeviations = 3.75;

void compare(const Floats& actual, const check::Doubles& expected, int64_t products, bool narrow,
             const std::string& what) {
  check::compare_sums(actual, expected, products, kDeviations, narrow, what);
}

void convolutions(const Case& of) {
  const Size& s = of.s;
  check::convolutions(of, eider_tile_convolution_bf16, eider_tile_convolution_gradient_input_bf16,
                      eider_tile_convolution_workspace(3, s.height, s.width, s.inputs, s.outputs), kDeviations);

  check::same_for_all_threads(
      [&] {
        const Scratch own(
            eider_tile_convolution_gradient_filter_workspace(3, s.n, s.height, s.width, s.inputs, s.outputs));
        Floats gw(of.w.size(), NAN);
        eider_tile_convolution_gradient_filter_bf16(s.n, s.height, s.width, s.inputs, s.outputs, of.x.data(),
                                                    of.gy.data(), gw.data(), own.as<uint16_t>());
        compare(gw, of.gw, s.pixels(), false, "gradient in the filter " + s.text());
        return gw;
      },
      "gradient in the filter " + s.text());
}

// The kernels use the processor's tiles where it has them, so the arrays need a call of their own.
void with_arrays(const Case& of) {
  using namespace eider;
  const Size& s = of.s;
  const TiledImages images{s.height, s.width};
  const int64_t groups = blocks_of(s.n, images.abreast());
  const auto convolve = [&](int64_t inputs, int64_t outputs, const Bits& from, const Bits& u, int64_t count) {
    const Scratch own(2 * convolution_bfloats(images, inputs));
    Bits to(count);
    arrays::convolve(0, groups, s.n, images, inputs, outputs, from.data(), u.data(), nullptr, to.data(),
                     own.as<uint16_t>());
    return check::widened(to);
  };
  Bits u(tiled_filter(s.inputs, s.outputs)), rotated(tiled_filter(s.outputs, s.inputs));
  arrays::tile_filters(0, tile_pairs(s.inputs, s.outputs) * 3, s.inputs, s.outputs, of.w.data(), u.data());
  arrays::tile_filters_rotated(0, tile_pairs(s.outputs, s.inputs) * 3, s.inputs, s.outputs, of.w.data(),
                               rotated.data());
  compare(convolve(s.inputs, s.outputs, of.x, u, of.gy.size()), of.y, 9 * s.inputs, true, "arrays: convolution");
  compare(convolve(s.outputs, s.inputs, of.gy, rotated, of.x.size()), of.gx, 9 * s.outputs, true,
          "arrays: gradient in the input");
  const Scratch own(2 * gradient_bfloats(images, s.n, s.inputs, s.outputs));
  const Scratch sums(4 * 9 * s.inputs * s.outputs, 0);
  Floats gw(of.w.size());
  arrays::filter_gradient(0, s.n, images, s.inputs, s.outputs, of.x.data(), of.gy.data(), sums.as<float>(),
                          own.as<uint16_t>());
  arrays::finish_filter_gradient(0, s.outputs * 9, s.inputs, s.outputs, 1, sums.as<float>(), gw.data());
  compare(gw, of.gw, s.pixels(), false, "arrays: gradient in the filter");
}

void impossible_sizes() {
  uint16_t anything[16] = {};
  float sums[16] = {};
  check::that(eider_tile_convolution_bf16(1, 2, 2, 48, 32, anything, anything, nullptr, anything, anything) == 1,
              "48 inputs are refused");
  check::that(eider_tile_convolution_bf16(1, 2, 8, 16, 16, anything, anything, nullptr, anything, anything) == 1,
              "16 channels of rows of 8 are refused");
  check::that(
      eider_tile_convolution_gradient_input_bf16(1, 2, 2, 32, 16, anything, anything, nullptr, anything, anything) == 1,
      "16 outputs of 32 inputs are refused");
  check::that(eider_tile_convolution_gradient_filter_bf16(1, 2, 3, 32, 32, anything, anything, sums, anything) == 1,
              "rows of 3 are refused");
  check::that(eider_tile_convolution_gradient_filter_bf16(-1, 2, 2, 32, 32, anything, anything, sums, anything) == 1,
              "-1 images are refused");
}

}  // namespace

int main() {
  for (const Size& s : {Size{1, 1, 16, 16, 16}, Size{3, 5, 18, 16, 16}, Size{2, 33, 34, 16, 16}, Size{1, 2, 2, 32, 64},
                        Size{3, 2, 6, 64, 32}, Size{2, 7, 4, 96, 32}, Size{3, 3, 20, 32, 32}, Size{5, 8, 8, 64, 64},
                        Size{1, 6, 6, 96, 128}, Size{7, 16, 16, 32, 32}, Size{0, 2, 4, 32, 32}, Size{2, 0, 4, 32, 32},
                        // Chunks of one image and of two.
                        Size{70, 2, 4, 32, 32}}) {
    const Case of(s);
    convolutions(of);
    with_arrays(of);
  }
  impossible_sizes();
  return check::report();
}
