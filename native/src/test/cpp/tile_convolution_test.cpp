// Convolutions of bf16 by tiles and their adjoints, with and without an addend, against a direct f64 sum at awkward
// sizes, and for any number of threads: with the processor's tiles where it has them, and with arrays in their place.
#include "cpu/tile_convolution.h"

#include "bfloats.h"
#include "check.h"
#include "convolution.h"

namespace {

using check::Bits;
using check::Doubles;
using check::Floats;
using check::Scratch;
using check::taps;
using check::widened;
using Size = check::Convolution;

Bits normal(int64_t n) { return check::rounded(check::normal(n)); }

struct Expected {
  Doubles y, gx, gw;
};

Expected direct(const Size& s, const Bits& x, const Bits& w, const Bits& gy) {
  Expected e{Doubles(s.pixels() * s.outputs), Doubles(x.size()), Doubles(w.size())};
  taps(s, [&](int64_t to, int64_t tap, int64_t from) {
    for (int64_t k = 0; k < s.outputs; ++k) {
      for (int64_t c = 0; c < s.inputs; ++c) {
        const int64_t filter = (k * 9 + tap) * s.inputs + c;
        const double of_x = widened(x[from * s.inputs + c]), of_w = widened(w[filter]),
                     of_gy = widened(gy[to * s.outputs + k]);
        e.y[to * s.outputs + k] += of_x * of_w;
        e.gx[from * s.inputs + c] += of_gy * of_w;
        e.gw[filter] += of_x * of_gy;
      }
    }
  });
  return e;
}

// The sums' rounding (winograd_test.cpp) and, if they are kept in bf16, one to 8 bits.
void compare(const Floats& actual, const Doubles& expected, int64_t products, bool narrow, const std::string& what) {
  const double sums = 0.75 * check::kEps * double(products + 64);
  for (size_t i = 0; i < expected.size(); ++i) {
    const double rounding = narrow ? (std::abs(expected[i]) + sums) / 256 : 0;
    check::near(actual[i], expected[i], sums + rounding, [&] { return what + " [" + std::to_string(i) + "]"; });
  }
}

Doubles plus(const Doubles& a, const Bits& b) {
  Doubles sum = a;
  for (size_t i = 0; i < a.size(); ++i) sum[i] += widened(b[i]);
  return sum;
}

void convolutions(const Size& s) {
  const Bits x = normal(s.pixels() * s.inputs), w = normal(9 * s.inputs * s.outputs);
  const Bits gy = normal(s.pixels() * s.outputs), addend = normal(gy.size()), gx_addend = normal(x.size());
  const Expected expected = direct(s, x, w, gy);

  check::same_for_all_threads(
      [&] {
        const Scratch own(eider_tile_convolution_workspace(3, s.height, s.width, s.inputs, s.outputs));
        Bits y(gy.size()), sum = addend, gx(x.size()), gx_sum = gx_addend;
        eider_tile_convolution_bf16(s.n, s.height, s.width, s.inputs, s.outputs, x.data(), w.data(), nullptr, y.data(),
                                    own.as<uint16_t>());
        eider_tile_convolution_bf16(s.n, s.height, s.width, s.inputs, s.outputs, x.data(), w.data(), sum.data(),
                                    sum.data(), own.as<uint16_t>());
        eider_tile_convolution_gradient_input_bf16(s.n, s.height, s.width, s.inputs, s.outputs, gy.data(), w.data(),
                                                   nullptr, gx.data(), own.as<uint16_t>());
        eider_tile_convolution_gradient_input_bf16(s.n, s.height, s.width, s.inputs, s.outputs, gy.data(), w.data(),
                                                   gx_sum.data(), gx_sum.data(), own.as<uint16_t>());
        compare(widened(y), expected.y, 9 * s.inputs, true, "convolution " + s.text());
        compare(widened(sum), plus(expected.y, addend), 9 * s.inputs, true, "convolution plus " + s.text());
        compare(widened(gx), expected.gx, 9 * s.outputs, true, "gradient in the input " + s.text());
        compare(widened(gx_sum), plus(expected.gx, gx_addend), 9 * s.outputs, true,
                "gradient in the input plus " + s.text());
        return check::joined({widened(y), widened(sum), widened(gx), widened(gx_sum)});
      },
      "convolution " + s.text());

  check::same_for_all_threads(
      [&] {
        const Scratch own(
            eider_tile_convolution_gradient_filter_workspace(3, s.n, s.height, s.width, s.inputs, s.outputs));
        Floats gw(w.size(), NAN);
        eider_tile_convolution_gradient_filter_bf16(s.n, s.height, s.width, s.inputs, s.outputs, x.data(), gy.data(),
                                                    gw.data(), own.as<uint16_t>());
        compare(gw, expected.gw, s.pixels(), false, "gradient in the filter " + s.text());
        return gw;
      },
      "gradient in the filter " + s.text());
}

// The kernels use the processor's tiles where it has them, so the arrays need a call of their own.
void with_arrays(const Size& s) {
  using namespace eider;
  const Bits x = normal(s.pixels() * s.inputs), w = normal(9 * s.inputs * s.outputs),
             gy = normal(s.pixels() * s.outputs);
  const Expected expected = direct(s, x, w, gy);
  const TiledImages images{s.height, s.width};
  const int64_t groups = blocks_of(s.n, images.abreast());
  const auto convolve = [&](int64_t inputs, int64_t outputs, const Bits& from, const Bits& u, int64_t count) {
    const Scratch own(2 * convolution_bfloats(images, inputs));
    Bits to(count);
    arrays::convolve(0, groups, s.n, images, inputs, outputs, from.data(), u.data(), nullptr, to.data(),
                     own.as<uint16_t>());
    return widened(to);
  };
  Bits u(tiled_filter(s.inputs, s.outputs)), rotated(tiled_filter(s.outputs, s.inputs));
  arrays::tile_filters(0, tile_pairs(s.inputs, s.outputs) * 3, s.inputs, s.outputs, w.data(), u.data());
  arrays::tile_filters_rotated(0, tile_pairs(s.outputs, s.inputs) * 3, s.inputs, s.outputs, w.data(), rotated.data());
  compare(convolve(s.inputs, s.outputs, x, u, gy.size()), expected.y, 9 * s.inputs, true, "arrays: convolution");
  compare(convolve(s.outputs, s.inputs, gy, rotated, x.size()), expected.gx, 9 * s.outputs, true,
          "arrays: gradient in the input");
  const Scratch own(2 * gradient_bfloats(images, s.n, s.inputs, s.outputs));
  const Scratch sums(4 * 9 * s.inputs * s.outputs, 0);
  Floats gw(w.size());
  arrays::filter_gradient(0, s.n, images, s.inputs, s.outputs, x.data(), gy.data(), sums.as<float>(),
                          own.as<uint16_t>());
  arrays::finish_filter_gradient(0, s.outputs * 9, s.inputs, s.outputs, 1, sums.as<float>(), gw.data());
  compare(gw, expected.gw, s.pixels(), false, "arrays: gradient in the filter");
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
    convolutions(s);
    with_arrays(s);
  }
  impossible_sizes();
  return check::report();
}
