// Winograd's convolution and its adjoints, with and without an addend, against a direct f64 sum at awkward sizes, and
// for any number of threads. Both instruction sets' loops where the machine has both.
#include "cpu/winograd.h"

#include "check.h"
#include "convolution.h"

namespace {

using check::Doubles;
using check::Floats;
using check::Scratch;
using check::taps;
using Size = check::Convolution;

void add_convolution(const Size& s, const Floats& x, const Floats& w, Doubles& y) {
  taps(s, [&](int64_t to, int64_t tap, int64_t from) {
    for (int64_t k = 0; k < s.outputs; ++k) {
      for (int64_t c = 0; c < s.inputs; ++c) {
        y[to * s.outputs + k] += double(x[from * s.inputs + c]) * double(w[(k * 9 + tap) * s.inputs + c]);
      }
    }
  });
}

void add_gradient_input(const Size& s, const Floats& gy, const Floats& w, Doubles& gx) {
  taps(s, [&](int64_t to, int64_t tap, int64_t from) {
    for (int64_t k = 0; k < s.outputs; ++k) {
      for (int64_t c = 0; c < s.inputs; ++c) {
        gx[from * s.inputs + c] += double(gy[to * s.outputs + k]) * double(w[(k * 9 + tap) * s.inputs + c]);
      }
    }
  });
}

void add_gradient_filter(const Size& s, const Floats& x, const Floats& gy, Doubles& gw) {
  taps(s, [&](int64_t to, int64_t tap, int64_t from) {
    for (int64_t k = 0; k < s.outputs; ++k) {
      for (int64_t c = 0; c < s.inputs; ++c) {
        gw[(k * 9 + tap) * s.inputs + c] += double(x[from * s.inputs + c]) * double(gy[to * s.outputs + k]);
      }
    }
  });
}

// products: how many unit-variance products a result is the sum of. Rounding the partial results of a serial sum of p
// of them gives a deviation of about eps p / 5; the sum of a tile's 16 positions, whose terms have 4 times a product's
// variance, is one more of 64. Allowed are 3 to 4 deviations.
void compare(const Floats& actual, const Doubles& expected, int64_t products, const std::string& what) {
  const double tolerance = 0.75 * check::kEps * double(products + 64);
  for (size_t i = 0; i < expected.size(); ++i) {
    check::near(actual[i], expected[i], tolerance, [&] { return what + " [" + std::to_string(i) + "]"; });
  }
}

void convolutions(const Size& s) {
  const Floats x = check::normal(s.pixels() * s.inputs), w = check::normal(9 * s.inputs * s.outputs);
  const Floats gy = check::normal(s.pixels() * s.outputs), addend = check::normal(s.pixels() * s.outputs);
  const Floats gx_addend = check::normal(s.pixels() * s.inputs);
  Doubles y(addend.size(), 0), gx(x.size(), 0), gw(w.size(), 0);
  add_convolution(s, x, w, y);
  add_gradient_input(s, gy, w, gx);
  add_gradient_filter(s, x, gy, gw);
  Doubles y_plus = y, gx_plus = gx;
  for (size_t i = 0; i < y.size(); ++i) y_plus[i] += double(addend[i]);
  for (size_t i = 0; i < gx.size(); ++i) gx_plus[i] += double(gx_addend[i]);

  check::same_for_all_threads(
      [&] {
        const Scratch all(eider_winograd_workspace(3, s.inputs, s.outputs));
        Floats plain(y.size()), plus = addend, back(gx.size()), back_plus = gx_addend;
        eider_winograd_f32(s.n, s.height, s.width, s.inputs, s.outputs, x.data(), w.data(), nullptr, plain.data(),
                           all.as<void>());
        eider_winograd_f32(s.n, s.height, s.width, s.inputs, s.outputs, x.data(), w.data(), plus.data(), plus.data(),
                           all.as<void>());
        eider_winograd_gradient_input_f32(s.n, s.height, s.width, s.inputs, s.outputs, gy.data(), w.data(), nullptr,
                                          back.data(), all.as<void>());
        eider_winograd_gradient_input_f32(s.n, s.height, s.width, s.inputs, s.outputs, gy.data(), w.data(),
                                          back_plus.data(), back_plus.data(), all.as<void>());
        compare(plain, y, 9 * s.inputs, "convolution " + s.text());
        compare(plus, y_plus, 9 * s.inputs, "convolution plus " + s.text());
        compare(back, gx, 9 * s.outputs, "gradient in the input " + s.text());
        compare(back_plus, gx_plus, 9 * s.outputs, "gradient in the input plus " + s.text());
        return check::joined({plain, plus, back, back_plus});
      },
      "convolution " + s.text());

  check::same_for_all_threads(
      [&] {
        const Scratch own(eider_winograd_gradient_filter_workspace(3, s.n, s.height, s.width, s.inputs, s.outputs));
        Floats result(gw.size(), NAN);
        eider_winograd_gradient_filter_f32(s.n, s.height, s.width, s.inputs, s.outputs, x.data(), gy.data(),
                                           result.data(), own.as<void>());
        compare(result, gw, s.pixels(), "gradient in the filter " + s.text());
        return result;
      },
      "gradient in the filter " + s.text());
}

// The kernels call AVX-512's loops where the machine has it, so the others need a call of their own.
void baseline_loops(const Size& s) {
  using namespace eider;
  const Floats x = check::normal(s.pixels() * s.inputs), w = check::normal(9 * s.inputs * s.outputs);
  Doubles expected(s.pixels() * s.outputs, 0);
  add_convolution(s, x, w, expected);
  const WinogradImages images{s.n, s.height, s.width};
  Floats u(16 * s.inputs * s.outputs), y(expected.size());
  const Scratch own(4 * winograd_batch_floats(s.inputs + s.outputs));
  baseline::transform_filters(0, s.outputs / 16 * (s.inputs / 16), s.inputs, s.outputs, w.data(), u.data());
  baseline::convolve(0, images.batches(), images, s.inputs, s.outputs, x.data(), u.data(), nullptr, y.data(),
                     own.as<float>());
  compare(y, expected, 9 * s.inputs, "baseline " + s.text());
}

void impossible_sizes() {
  float anything[16] = {};
  check::that(eider_winograd_f32(1, 2, 2, 15, 16, anything, anything, nullptr, anything, anything) == 1,
              "15 inputs are refused");
  check::that(eider_winograd_gradient_input_f32(1, 2, 2, 16, 8, anything, anything, nullptr, anything, anything) == 1,
              "8 outputs are refused");
  check::that(eider_winograd_gradient_filter_f32(-1, 2, 2, 16, 16, anything, anything, anything, anything) == 1,
              "-1 images are refused");
}

}  // namespace

int main() {
  for (const Size& s : {Size{1, 1, 1, 16, 16}, Size{3, 1, 2, 16, 32}, Size{2, 2, 7, 32, 16}, Size{2, 7, 5, 48, 16},
                        Size{1, 33, 31, 16, 16}, Size{5, 8, 8, 64, 64}, Size{2, 9, 4, 16, 96}, Size{1, 6, 6, 80, 128},
                        Size{7, 16, 16, 32, 32}}) {
    convolutions(s);
    baseline_loops(s);
  }
  impossible_sizes();
  return check::report();
}
