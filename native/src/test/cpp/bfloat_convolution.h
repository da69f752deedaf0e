// What the tests of 3x3 convolutions of bf16 share: operands, what they make in f64, and how near a kernel must come.
#ifndef EIDER_TEST_BFLOAT_CONVOLUTION_H
#define EIDER_TEST_BFLOAT_CONVOLUTION_H

#include "bfloats.h"
#include "check.h"
#include "convolution.h"

namespace check {

// A size with its operands and what they make: y and gx of stride 1, gw.
struct BFloatConvolution {
  Convolution s;
  Bits x, w, gy, addend, gx_addend;
  Doubles y, gx, gw;

  explicit BFloatConvolution(const Convolution& size)
      : s(size),
        x(rounded(normal(s.pixels() * s.inputs))),
        w(rounded(normal(9 * s.inputs * s.outputs))),
        gy(rounded(normal(s.results() * s.outputs))),
        addend(rounded(normal(gy.size()))),
        gx_addend(rounded(normal(x.size()))),
        y(gy.size()),
        gx(x.size()),
        gw(w.size()) {
    taps(s, [&](int64_t to, int64_t tap, int64_t from) {
      for (int64_t k = 0; k < s.outputs; ++k) {
        for (int64_t c = 0; c < s.inputs; ++c) {
          const int64_t filter = (k * 9 + tap) * s.inputs + c;
          const double of_x = widened(x[from * s.inputs + c]), of_w = widened(w[filter]);
          const double of_gy = widened(gy[to * s.outputs + k]);
          y[to * s.outputs + k] += of_x * of_w;
          gx[from * s.inputs + c] += of_gy * of_w;
          gw[filter] += of_x * of_gy;
        }
      }
    });
  }
};

// Rounding the partial results of a serial sum of p products of standard normal numbers gives a deviation of about
// eps p / 5 (winograd_test.cpp); so many of them are allowed. Sums that are kept in bf16 are rounded once more, to 8
// bits.
inline void compare_sums(const Floats& actual, const Doubles& expected, int64_t products, double deviations,
                         bool narrow, const std::string& what) {
  const double sums = deviations / 5 * kEps * double(products + 64);
  for (size_t i = 0; i < expected.size(); ++i) {
    const double rounding = narrow ? (std::abs(expected[i]) + sums) / 256 : 0;
    near(actual[i], expected[i], sums + rounding, [&] { return what + " [" + std::to_string(i) + "]"; });
  }
}

inline Doubles plus(const Doubles& a, const Bits& b) {
  Doubles sum = a;
  for (size_t i = 0; i < a.size(); ++i) sum[i] += widened(b[i]);
  return sum;
}

// A convolution of stride 1, or its adjoint, of the C ABI.
using BFloatKernel = int (*)(int64_t n, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                             const uint16_t* from, const uint16_t* w, const uint16_t* addend, uint16_t* to,
                             void* workspace);

// Both with and without an addend, in its place, for any number of threads.
inline void convolutions(const BFloatConvolution& of, BFloatKernel forward, BFloatKernel gradient_input,
                         int64_t workspace_bytes, double deviations) {
  const Convolution& s = of.s;
  same_for_all_threads(
      [&] {
        const Scratch own(workspace_bytes);
        const auto run = [&](BFloatKernel kernel, const Bits& from, const uint16_t* addend, Bits& to) {
          that(kernel(s.n, s.height, s.width, s.inputs, s.outputs, from.data(), of.w.data(), addend, to.data(),
                      own.as<void>()) == 0,
               s.text() + " is possible");
        };
        Bits y(of.gy.size()), sum = of.addend, gx(of.x.size()), gx_sum = of.gx_addend;
        run(forward, of.x, nullptr, y);
        run(forward, of.x, sum.data(), sum);
        run(gradient_input, of.gy, nullptr, gx);
        run(gradient_input, of.gy, gx_sum.data(), gx_sum);
        const int64_t of_y = 9 * s.inputs, of_gx = 9 * s.outputs;
        compare_sums(widened(y), of.y, of_y, deviations, true, "convolution " + s.text());
        compare_sums(widened(sum), plus(of.y, of.addend), of_y, deviations, true, "convolution plus " + s.text());
        compare_sums(widened(gx), of.gx, of_gx, deviations, true, "gradient in the input " + s.text());
        compare_sums(widened(gx_sum), plus(of.gx, of.gx_addend), of_gx, deviations, true,
                     "gradient in the input plus " + s.text());
        return joined({widened(y), widened(sum), widened(gx), widened(gx_sum)});
      },
      "convolution " + s.text());
}

}  // namespace check

#endif
