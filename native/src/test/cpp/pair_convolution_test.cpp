// Convolutions of bf16 by products of pairs and their adjoints, with and without an addend, against a direct f64 sum at
// awkward sizes, and for any number of threads: with the processor's products where it has them, and with plain ones in
// their place.
#include "cpu/pair_convolution.h"

#include "bfloat_convolution.h"

namespace {

using check::Bits;
using check::Floats;
using check::plus;
using check::Scratch;
using check::widened;
using Case = check::BFloatConvolution;
using Size = check::Convolution;

// Of the million sums here one is five deviations off.
constexpr double kDeviations = 6;

void compare(const Floats& actual, const check::Doubles& expected, int64_t products, bool narrow,
             const std::string& what) {
  check::compare_sums(actual, expected, products, kDeviations, narrow, what);
}

void convolutions(const Case& of) {
  const Size& s = of.s;
  check::convolutions(of, eider_pair_convolution_bf16, eider_pair_convolution_gradient_input_bf16,
                      eider_pair_convolution_workspace(3, s.height, s.width, s.inputs, s.outputs), kDeviations);
}

void filter_gradient(const Case& of) {
  const Size& s = of.s;
  check::same_for_all_threads(
      [&] {
        const Scratch own(
            eider_pair_convolution_gradient_filter_workspace(3, s.n, s.height, s.width, s.inputs, s.outputs, s.stride));
        Floats gw(of.gw.size(), NAN);
        check::that(
            eider_pair_convolution_gradient_filter_bf16(s.n, s.height, s.width, s.inputs, s.outputs, s.stride,
                                                        of.x.data(), of.gy.data(), gw.data(), own.as<void>()) == 0,
            s.text() + " is possible");
        compare(gw, of.gw, s.results(), false, "gradient in the filter " + s.text());
        return gw;
      },
      "gradient in the filter " + s.text());
}

// The kernels use the processor's products where it has them, so plain ones need calls of their own.
void with_plain_products(const Case& of) {
  using namespace eider;
  const Size& s = of.s;
  const PairedImages images{s.height, s.width, s.inputs, s.outputs, s.stride};
  const Scratch own(2 * images.together() * images.bfloats());
  Floats gw(of.gw.size());
  plain::filter_gradient(0, s.n, images, of.x.data(), of.gy.data(), gw.data(), own.as<uint16_t>());
  compare(gw, of.gw, s.results(), false, "plain: gradient in the filter " + s.text());
  if (s.stride > 1) return;

  const int64_t blocks = s.inputs / kPairLanes * (s.outputs / kPairLanes);
  const auto convolve = [&](int64_t inputs, int64_t outputs, const Bits& from, const Bits& u, const Bits& addend) {
    const PairedImages framed{s.height, s.width, inputs, outputs, 1};
    const Scratch frame(2 * inputs / kPairLanes * framed.framed_bfloats());
    Bits to = addend;
    plain::convolve(0, s.n, framed, from.data(), u.data(), to.data(), to.data(), frame.as<uint16_t>());
    return widened(to);
  };
  Bits u(of.w.size()), rotated(of.w.size());
  plain::pair_filters(0, blocks, s.inputs, s.outputs, of.w.data(), u.data());
  plain::pair_filters_rotated(0, blocks, s.inputs, s.outputs, of.w.data(), rotated.data());
  compare(convolve(s.inputs, s.outputs, of.x, u, of.addend), plus(of.y, of.addend), 9 * s.inputs, true,
          "plain: convolution plus " + s.text());
  compare(convolve(s.outputs, s.inputs, of.gy, rotated, of.gx_addend), plus(of.gx, of.gx_addend), 9 * s.outputs, true,
          "plain: gradient in the input plus " + s.text());
}

void impossible_sizes() {
  uint16_t anything[16] = {};
  float sums[16] = {};
  const auto gradient = [&](int64_t n, int64_t width, int64_t inputs, int64_t outputs, int64_t stride) {
    return eider_pair_convolution_gradient_filter_bf16(n, 2, width, inputs, outputs, stride, anything, anything, sums,
                                                       anything);
  };
  check::that(gradient(1, 2, 24, 16, 1) == 1, "24 inputs are refused");
  check::that(gradient(1, 2, 16, 8, 1) == 1, "8 outputs are refused");
  check::that(gradient(1, 3, 16, 16, 1) == 1, "results three pixels wide are refused");
  check::that(gradient(1, 2, 16, 16, 2) == 1, "results one pixel wide are refused");
  check::that(gradient(1, 6, 16, 16, 3) == 1, "a stride of 3 is refused");
  check::that(gradient(1, 2, 16, 16, 0) == 1, "a stride of 0 is refused");
  check::that(gradient(-1, 2, 16, 16, 1) == 1, "-1 images are refused");
  check::that(eider_pair_convolution_gradient_filter_workspace(1, 1, 1, 1, 16, 16, 1) == 0, "and needs no workspace");
  check::that(eider_pair_convolution_bf16(-1, 2, 2, 16, 16, anything, anything, nullptr, anything, anything) == 1,
              "-1 images are refused");
  check::that(eider_pair_convolution_bf16(1, 2, 2, 8, 16, anything, anything, nullptr, anything, anything) == 1,
              "8 inputs are refused");
  check::that(
      eider_pair_convolution_gradient_input_bf16(1, 0, 2, 16, 16, anything, anything, nullptr, anything, anything) == 1,
      "no rows are refused");
}

}  // namespace

int main() {
  for (const Size& s : {Size{1, 1, 2, 16, 16}, Size{3, 5, 18, 16, 16}, Size{2, 33, 34, 16, 48}, Size{1, 2, 2, 32, 64},
                        Size{3, 2, 6, 64, 32}, Size{2, 7, 4, 96, 16}, Size{5, 8, 8, 64, 64}, Size{7, 16, 16, 32, 32},
                        Size{2, 6, 32, 16, 16}, Size{0, 2, 4, 32, 32},
                        // Chunks of one image and of two.
                        Size{70, 2, 4, 32, 32}}) {
    const Case of(s);
    convolutions(of);
    filter_gradient(of);
    with_plain_products(of);
  }
  // Even and odd heights and widths, the smallest included.
  for (const Size& s : {Size{1, 1, 3, 16, 16, 2}, Size{3, 6, 8, 16, 32, 2}, Size{2, 7, 7, 32, 16, 2},
                        Size{5, 32, 31, 16, 32, 2}, Size{70, 3, 4, 16, 16, 2}}) {
    const Case of(s);
    filter_gradient(of);
    with_plain_products(of);
  }
  impossible_sizes();
  return check::report();
}
