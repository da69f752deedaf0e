// Batch norm's kernels and channel_affine in the emulator against the CPU's, which batch_norm_test.cpp has against
// textbooks: one tile and several, with and without residual and ReLU, in place. Of bf16 they must give just the bits
// that those of f32 give on the widened arrays, rounded.
#include <algorithm>

#include "cuda/harness.h"

namespace {

using check::Device;
using check::DeviceFloats;
using check::Doubles;
using check::Floats;

constexpr float kEpsilon = 1e-5f;

template <class T>
struct Arrays {
  std::vector<T> x;
  Floats gamma, beta;
  std::vector<T> residual;

  static Arrays random(int64_t rows, int64_t channels, double mean, double deviation) {
    return {check::stored<T>(check::normal(rows * channels, mean, deviation)), check::normal(channels),
            check::normal(channels), check::stored<T>(check::normal(rows * channels))};
  }
};

template <class T>
struct Results {
  std::vector<T> y;
  Floats mean, variance;
  std::vector<T> gx;
  Floats ggamma, gbeta;
  std::vector<T> gresidual, ty;
  Floats tmean, tvariance;
};

// The functions of images of T.
template <class T>
auto forward() {
  if constexpr (std::is_same_v<T, float>) {
    return eider_cuda_batch_norm_f32;
  } else {
    return eider_cuda_batch_norm_bf16;
  }
}

template <class T>
auto gradient() {
  if constexpr (std::is_same_v<T, float>) {
    return eider_cuda_batch_norm_gradient_f32;
  } else {
    return eider_cuda_batch_norm_gradient_bf16;
  }
}

template <class T>
auto tangent() {
  if constexpr (std::is_same_v<T, float>) {
    return eider_cuda_batch_norm_tangent_f32;
  } else {
    return eider_cuda_batch_norm_tangent_bf16;
  }
}

template <class T>
struct Case {
  int64_t rows, channels;
  bool relu, residual;
  Arrays<T> a, t;
  std::vector<T> gy;

  static Case random(int64_t rows, int64_t channels, bool relu, bool residual) {
    return {rows,
            channels,
            relu,
            residual,
            Arrays<T>::random(rows, channels, 3, 2),
            Arrays<T>::random(rows, channels, 0.5, 1),
            check::stored<T>(check::normal(rows * channels, 0.5))};
  }

  // Gradient and tangent start from the y and the statistics that are given: the same side of every kink.
  Results<T> on_device(const Results<float>& at, bool in_place) const {
    const int64_t n = rows * channels;
    const Device<T> residual_(a.residual);
    const DeviceFloats gamma(a.gamma), beta(a.beta);
    const DeviceFloats workspace(eider_cuda_batch_norm_workspace(rows, channels) / 4);
    Results<T> r;
    {
      const Device<T> x(a.x), other(n);
      const DeviceFloats mean(channels), variance(channels);
      const Device<T>& y = in_place ? x : other;
      check::done(forward<T>()(rows, channels, kEpsilon, relu, x, gamma, beta, residual ? residual_.data() : nullptr, y,
                               mean, variance, workspace, nullptr),
                  "forward");
      r.y = y.host(), r.mean = mean.host(), r.variance = variance.host();
    }
    const Device<T> x(a.x), y(check::stored<T>(at.y));
    const DeviceFloats mean(at.mean), variance(at.variance);
    {
      // In place: gx is gy, or gresidual is.
      const Device<T> gy_(gy), own_gx(n), own_gresidual(std::vector<T>(n, T(-7)));
      const DeviceFloats ggamma(channels), gbeta(channels);
      const Device<T>& gx = in_place && !residual ? gy_ : own_gx;
      const Device<T>& gresidual = in_place && residual ? gy_ : own_gresidual;
      check::done(gradient<T>()(rows, channels, kEpsilon, relu, x, y, gamma, mean, variance, gy_, gx, ggamma, gbeta,
                                residual ? gresidual.data() : nullptr, workspace, nullptr),
                  "gradient");
      r.gx = gx.host(), r.ggamma = ggamma.host(), r.gbeta = gbeta.host(), r.gresidual = gresidual.host();
    }
    const Device<T> tx(t.x), tresidual(t.residual), own_ty(n);
    const DeviceFloats tgamma(t.gamma), tbeta(t.beta), tmean(channels), tvariance(channels);
    const Device<T>& ty = in_place ? tx : own_ty;
    check::done(tangent<T>()(rows, channels, kEpsilon, relu, x, y, gamma, mean, variance, tx, tgamma, tbeta,
                             residual ? tresidual.data() : nullptr, ty, tmean, tvariance, workspace, nullptr),
                "tangent");
    r.ty = ty.host(), r.tmean = tmean.host(), r.tvariance = tvariance.host();
    return r;
  }
};

Results<float> on_cpu(const Case<float>& c) {
  const auto& a = c.a;
  const auto& t = c.t;
  const Floats matrix(a.x.size(), -7), column(c.channels, -7);
  Results<float> r{matrix, column, column, matrix, column, column, matrix, matrix, column, column};
  Floats workspace(eider_batch_norm_workspace(c.rows, c.channels) / 4 + 1);
  eider_batch_norm_f32(c.rows, c.channels, kEpsilon, c.relu, a.x.data(), a.gamma.data(), a.beta.data(),
                       c.residual ? a.residual.data() : nullptr, r.y.data(), r.mean.data(), r.variance.data(),
                       workspace.data());
  eider_batch_norm_gradient_f32(c.rows, c.channels, kEpsilon, c.relu, a.x.data(), r.y.data(), a.gamma.data(),
                                r.mean.data(), r.variance.data(), c.gy.data(), r.gx.data(), r.ggamma.data(),
                                r.gbeta.data(), c.residual ? r.gresidual.data() : nullptr, workspace.data());
  eider_batch_norm_tangent_f32(c.rows, c.channels, kEpsilon, c.relu, a.x.data(), r.y.data(), a.gamma.data(),
                               r.mean.data(), r.variance.data(), t.x.data(), t.gamma.data(), t.beta.data(),
                               c.residual ? t.residual.data() : nullptr, r.ty.data(), r.tmean.data(),
                               r.tvariance.data(), workspace.data());
  return r;
}

// Twice the rounding of one of the two (batch_norm_test.cpp).
void kernels(int64_t rows, int64_t channels, bool relu, bool residual) {
  const auto c = Case<float>::random(rows, channels, relu, residual);
  const Results<float> cpu = on_cpu(c), r = c.on_device(cpu, false);
  Doubles inverse(channels), xhat(channels, 1), kappa(channels, 1), g_sum(channels, 0), t_max(channels, 0);
  for (int64_t k = 0; k < channels; ++k) inverse[k] = 1 / std::sqrt(double(cpu.variance[k]) + double(kEpsilon));
  for (size_t i = 0; i < c.a.x.size(); ++i) {
    const size_t k = i % channels;
    kappa[k] = std::max(kappa[k], 1 + inverse[k] * std::abs(c.a.x[i]));
    xhat[k] = std::max(xhat[k], inverse[k] * std::abs(double(c.a.x[i]) - cpu.mean[k]));
    g_sum[k] += std::abs(c.gy[i]);
    t_max[k] = std::max<double>(t_max[k], std::abs(c.t.x[i]));
  }
  const double eps = 8 * check::kEps;
  const auto near = [&](const char* name, const Floats& got, const Floats& expected, auto tolerance) {
    check::that(got.size() == expected.size(), name);
    for (size_t i = 0; i < got.size(); ++i) {
      check::near(got[i], expected[i], eps * tolerance(i, i % channels), [&] {
        return check::at(name, rows, channels, int64_t(i)) + (relu ? " relu" : "") + (residual ? " residual" : "");
      });
    }
  };
  near("mean", r.mean, cpu.mean, [&](size_t, size_t k) { return kappa[k] / inverse[k]; });
  near("variance", r.variance, cpu.variance, [&](size_t, size_t k) { return kappa[k] / inverse[k] / inverse[k]; });
  near("gbeta", r.gbeta, cpu.gbeta, [&](size_t, size_t k) { return g_sum[k]; });
  near("ggamma", r.ggamma, cpu.ggamma, [&](size_t, size_t k) { return g_sum[k] * kappa[k] * xhat[k]; });
  near("tmean", r.tmean, cpu.tmean, [&](size_t, size_t k) { return t_max[k]; });
  near("tvariance", r.tvariance, cpu.tvariance, [&](size_t, size_t k) { return t_max[k] * kappa[k] / inverse[k]; });
  near("y", r.y, cpu.y, [&](size_t i, size_t k) {
    return std::abs(c.a.gamma[k]) * xhat[k] * kappa[k] + std::abs(c.a.beta[k]) + std::abs(c.a.residual[i]);
  });
  near("gx", r.gx, cpu.gx, [&](size_t i, size_t k) {
    return std::abs(c.a.gamma[k]) * inverse[k] * kappa[k] *
           (std::abs(c.gy[i]) + g_sum[k] / double(rows) * xhat[k] * xhat[k]);
  });
  near("gresidual", r.gresidual, cpu.gresidual, [](size_t, size_t) { return 0.0; });
  near("ty", r.ty, cpu.ty, [&](size_t i, size_t k) {
    return std::abs(c.a.gamma[k]) * inverse[k] * t_max[k] * xhat[k] * xhat[k] * kappa[k] +
           std::abs(c.t.gamma[k]) * xhat[k] * kappa[k] + std::abs(c.t.beta[k]) + std::abs(c.t.residual[i]);
  });

  Results<float> place = c.on_device(cpu, true);
  place.gresidual = residual ? place.gresidual : r.gresidual;
  check::same_bits(
      check::joined({place.y, place.mean, place.variance, place.gx, place.ggamma, place.gbeta, place.gresidual,
                     place.ty, place.tmean, place.tvariance}),
      check::joined({r.y, r.mean, r.variance, r.gx, r.ggamma, r.gbeta, r.gresidual, r.ty, r.tmean, r.tvariance}),
      check::at("in place", rows, channels, 0));
}

Arrays<float> widened(const Arrays<uint16_t>& a) {
  return {check::widened(a.x), a.gamma, a.beta, check::widened(a.residual)};
}

void kernels_of_bf16(int64_t rows, int64_t channels, bool relu, bool residual) {
  const auto c = Case<uint16_t>::random(rows, channels, relu, residual);
  const Case<float> wide{rows, channels, relu, residual, widened(c.a), widened(c.t), check::widened(c.gy)};
  Results<float> at = on_cpu(wide);
  at.y = check::widened(check::rounded(at.y));
  const Results<float> expected = wide.on_device(at, false);
  for (const bool in_place : {false, true}) {
    const Results<uint16_t> r = c.on_device(at, in_place);
    const auto same = [&](const char* name, const auto& got, const auto& wanted) {
      check::same_bits(
          got, wanted,
          check::at(name, rows, channels, in_place) + (relu ? " relu" : "") + (residual ? " residual" : ""));
    };
    same("y of bf16", r.y, check::rounded(expected.y));
    same("gx of bf16", r.gx, check::rounded(expected.gx));
    if (residual) same("gresidual of bf16", r.gresidual, check::rounded(expected.gresidual));
    same("ty of bf16", r.ty, check::rounded(expected.ty));
    same("channels of bf16", check::joined({r.mean, r.variance, r.ggamma, r.gbeta, r.tmean, r.tvariance}),
         check::joined(
             {expected.mean, expected.variance, expected.ggamma, expected.gbeta, expected.tmean, expected.tvariance}));
  }
}

struct Forward {
  Floats y, mean, variance;

  Forward(int64_t rows, int64_t channels, const Floats& x) {
    const DeviceFloats at(x), ones(Floats(channels, 1)), zeros(Floats(channels, 0)), out(rows * channels), m(channels),
        v(channels), workspace(eider_cuda_batch_norm_workspace(rows, channels) / 4);
    check::done(
        eider_cuda_batch_norm_f32(rows, channels, kEpsilon, 0, at, ones, zeros, nullptr, out, m, v, workspace, nullptr),
        "forward");
    y = out.host(), mean = m.host(), variance = v.host();
  }
};

// E[x^2] - E[x]^2 in f32 would leave nothing of a variance of 1 at a mean of 1e4.
void variance_survives_a_large_mean() {
  const int64_t rows = 1500, channels = 3;
  const Floats x = check::normal(rows * channels, 1e4, 1);
  const Forward f(rows, channels, x);
  for (int64_t c = 0; c < channels; ++c) {
    double mean = 0, square = 0;
    for (int64_t i = 0; i < rows; ++i) mean += double(x[i * channels + c]) / double(rows);
    for (int64_t i = 0; i < rows; ++i) square += std::pow(double(x[i * channels + c]) - mean, 2) / double(rows);
    check::near(f.variance[c] / square, 1, 1e-4, "variance at a large mean");
  }
}

void constant_channels_have_no_variance() {
  for (const float value : {0.0f, 0.1f, -3.3e4f, 1.23456789e8f}) {
    const int64_t rows = 700, channels = 16;
    const Forward f(rows, channels, Floats(rows * channels, value));
    for (int64_t c = 0; c < channels; ++c) {
      check::near(f.mean[c], value, check::kEps * std::abs(value), "mean of a constant");
      const double rounding = check::kEps * value;
      check::near(f.variance[c], 0, rounding * rounding, "variance of a constant");
      check::that(f.variance[c] >= 0, "variance of a constant is not negative");
    }
  }
}

template <class T, class Cpu, class Kernel>
void channel_affine(Cpu cpu, Kernel kernel, int64_t rows, int64_t channels) {
  const auto a = Arrays<T>::random(rows, channels, 0, 1);
  for (const bool relu : {false, true}) {
    for (const bool with_residual : {false, true}) {
      std::vector<T> expected(a.x.size());
      cpu(rows, channels, relu, a.x.data(), a.gamma.data(), a.beta.data(), with_residual ? a.residual.data() : nullptr,
          expected.data());
      const Device<T> x(a.x), residual(a.residual), y(rows * channels);
      const DeviceFloats scale(a.gamma), shift(a.beta);
      const T* or_null = with_residual ? residual.data() : nullptr;
      check::done(kernel(rows, channels, relu, x, scale, shift, or_null, y, nullptr), "affine");
      check::same_bits(y.host(), expected, check::at("channel_affine", rows, channels, relu));
      check::done(kernel(rows, channels, relu, x, scale, shift, or_null, x, nullptr), "affine");
      check::same_bits(x.host(), expected, check::at("channel_affine in place", rows, channels, relu));
    }
  }
}

struct Size {
  int64_t rows, channels;
};

}  // namespace

int main() {
  for (const Size& size : std::vector<Size>{{1, 1},
                                            {2, 3},
                                            {7, 33},
                                            {31, 100},
                                            {33, 2},
                                            {129, 7},
                                            {127, 33},
                                            {100, 129},
                                            {128, 32},
                                            {129, 64},
                                            {256, 16},
                                            {257, 16},
                                            {1100, 16},
                                            {4097, 1}}) {
    for (const bool relu : {false, true}) {
      for (const bool residual : {false, true}) {
        if (size.rows * size.channels < 5000 || relu == residual) kernels(size.rows, size.channels, relu, residual);
      }
    }
    channel_affine<float>(eider_channel_affine_f32, eider_cuda_channel_affine_f32, size.rows, size.channels);
  }
  for (const Size& size : std::vector<Size>{{1, 1}, {7, 33}, {129, 7}, {100, 65}, {257, 16}, {1100, 16}}) {
    for (const bool relu : {false, true}) {
      for (const bool residual : {false, true}) {
        if (size.rows * size.channels < 5000 || relu == residual) {
          kernels_of_bf16(size.rows, size.channels, relu, residual);
        }
      }
    }
    channel_affine<uint16_t>(eider_channel_affine_bf16, eider_cuda_channel_affine_bf16, size.rows, size.channels);
  }
  variance_survives_a_large_mean();
  constant_channels_have_no_variance();
  float f = 0;
  check::that(eider_cuda_batch_norm_f32(0, 3, kEpsilon, 0, &f, &f, &f, nullptr, &f, &f, &f, &f, nullptr) == 1, "rows");
  check::that(eider_cuda_batch_norm_f32(3, 0, kEpsilon, 0, &f, &f, &f, nullptr, &f, &f, &f, &f, nullptr) == 1, "none");
  uint16_t b = 0;
  check::that(eider_cuda_batch_norm_bf16(0, 3, kEpsilon, 0, &b, &f, &f, nullptr, &b, &f, &f, &f, nullptr) == 1, "rows");
  check::that(eider_cuda_batch_norm_workspace(0, 3) == 0, "no workspace for nothing");
  check::done(eider_cuda_channel_affine_f32(0, 3, 0, &f, &f, &f, nullptr, &f, nullptr), "no rows");
  check::that(eider_cuda_channel_affine_f32(3, 0, 0, &f, &f, &f, nullptr, &f, nullptr) == 1, "no channels");
  return check::report();
}
