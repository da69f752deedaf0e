// Batch norm's three kernels and channel_affine against textbook f64 at awkward sizes, with and without residual and
// ReLU, in place, for any number of threads; gradient and tangent against each other by adjointness. The per-channel
// algebra (rows/batch_norm_rows.h) in f64 against central differences of the textbook forward.
#include <algorithm>

#include "check.h"
#include "rows/batch_norm_rows.h"

namespace {

using check::Doubles;
using check::Floats;

constexpr float kEpsilon = 1e-5f;

struct Statistics {
  Doubles mean, variance;
};

Statistics statistics(int64_t rows, int64_t channels, const Doubles& x) {
  Statistics s{Doubles(channels, 0), Doubles(channels, 0)};
  for (int64_t i = 0; i < rows * channels; ++i) s.mean[i % channels] += x[i] / double(rows);
  for (int64_t i = 0; i < rows * channels; ++i) {
    const double d = x[i] - s.mean[i % channels];
    s.variance[i % channels] += d * d / double(rows);
  }
  return s;
}

// All arguments and results in f64; an empty residual is none.
struct Textbook {
  int64_t rows, channels;
  bool relu;
  Doubles x, gamma, beta, residual;

  Doubles forward() const {
    const Statistics s = statistics(rows, channels, x);
    Doubles y(x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t c = i % channels;
      y[i] = gamma[c] * (x[i] - s.mean[c]) / std::sqrt(s.variance[c] + double(kEpsilon)) + beta[c];
      if (!residual.empty()) y[i] += residual[i];
      if (relu) y[i] = std::max(y[i], 0.0);
    }
    return y;
  }

  struct Gradient {
    Doubles gx, ggamma, gbeta, gresidual;
  };

  // mask: where y > 0, given from outside so that a kernel's y decides at the kink.
  template <class Mask>
  Gradient gradient(const Doubles& gy, Mask mask) const {
    const Statistics s = statistics(rows, channels, x);
    Gradient g{Doubles(x.size()), Doubles(channels, 0), Doubles(channels, 0), gy};
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t c = i % channels;
      if (relu && !mask(i)) g.gresidual[i] = 0;
      g.gbeta[c] += g.gresidual[i];
      g.ggamma[c] += g.gresidual[i] * (x[i] - s.mean[c]) / std::sqrt(s.variance[c] + double(kEpsilon));
    }
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t c = i % channels;
      const double r = eider::rows::inverse_deviation(s.variance[c], double(kEpsilon));
      const auto k = eider::rows::batch_norm_gradient_channel(double(rows), gamma[c], r, g.ggamma[c], g.gbeta[c]);
      g.gx[i] = k.a * g.gresidual[i] + k.b * (x[i] - s.mean[c]) + k.c;
    }
    return g;
  }

  struct Tangent {
    Doubles ty, tmean, tvariance;
  };

  template <class Mask>
  Tangent tangent(const Textbook& t, Mask mask) const {
    const Statistics s = statistics(rows, channels, x);
    Tangent out{Doubles(x.size()), Doubles(channels, 0), Doubles(channels, 0)};
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t c = i % channels;
      out.tmean[c] += t.x[i] / double(rows);
      out.tvariance[c] += 2 * (x[i] - s.mean[c]) * t.x[i] / double(rows);
    }
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t c = i % channels;
      const double r = eider::rows::inverse_deviation(s.variance[c], double(kEpsilon));
      const auto k =
          eider::rows::batch_norm_tangent_channel(gamma[c], r, t.gamma[c], t.beta[c], out.tmean[c], out.tvariance[c]);
      out.ty[i] = k.a * t.x[i] + k.b * (x[i] - s.mean[c]) + k.c;
      if (!residual.empty()) out.ty[i] += t.residual[i];
      if (relu && !mask(i)) out.ty[i] = 0;
    }
    return out;
  }

  Textbook moved(const Textbook& t, double step) const {
    Textbook result = *this;
    const auto move = [=](Doubles& values, const Doubles& by) {
      for (size_t i = 0; i < values.size(); ++i) values[i] += step * by[i];
    };
    move(result.x, t.x);
    move(result.gamma, t.gamma);
    move(result.beta, t.beta);
    move(result.residual, t.residual);
    return result;
  }
};

Doubles doubles(const Floats& values) { return Doubles(values.begin(), values.end()); }

Textbook random(int64_t rows, int64_t channels, bool relu, bool residual, double mean, double deviation) {
  return {rows,
          channels,
          relu,
          doubles(check::normal(rows * channels, mean, deviation)),
          doubles(check::normal(channels)),
          doubles(check::normal(channels)),
          doubles(check::normal(residual ? rows * channels : 0))};
}

double dot(const Doubles& a, const Doubles& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// f64: error of a central difference with step 1e-5 is about 1e-10 times the third derivative.
void algebra_is_the_derivative() {
  for (const int64_t rows : {2, 7, 31}) {
    for (const int64_t channels : {1, 3}) {
      for (const bool relu : {false, true}) {
        for (const bool residual : {false, true}) {
          const Textbook at = random(rows, channels, relu, residual, 0.5, 2);
          const Textbook t = random(rows, channels, relu, residual, 0, 1);
          const Doubles gy = doubles(check::normal(rows * channels)), y = at.forward();
          const auto mask = [&](size_t i) { return y[i] > 0; };
          const double h = 1e-5;
          const Doubles up = at.moved(t, h).forward(), down = at.moved(t, -h).forward();
          const auto tangent = at.tangent(t, mask);
          for (size_t i = 0; i < y.size(); ++i) {
            check::near(tangent.ty[i], (up[i] - down[i]) / (2 * h), 1e-6,
                        check::at("tangent against difference", rows, channels, int64_t(i)));
          }
          const Statistics su = statistics(rows, channels, at.moved(t, h).x);
          const Statistics sd = statistics(rows, channels, at.moved(t, -h).x);
          for (int64_t c = 0; c < channels; ++c) {
            check::near(tangent.tmean[c], (su.mean[c] - sd.mean[c]) / (2 * h), 1e-8, "tmean");
            check::near(tangent.tvariance[c], (su.variance[c] - sd.variance[c]) / (2 * h), 1e-8, "tvariance");
          }
          const auto g = at.gradient(gy, mask);
          const double by_gradient = dot(g.gx, t.x) + dot(g.ggamma, t.gamma) + dot(g.gbeta, t.beta) +
                                     (residual ? dot(g.gresidual, t.residual) : 0);
          check::near(by_gradient, (dot(gy, up) - dot(gy, down)) / (2 * h), 1e-6, "gradient against difference");
        }
      }
    }
  }
}

struct Arrays {
  Floats x, gamma, beta, residual;

  explicit Arrays(const Textbook& t)
      : x(t.x.begin(), t.x.end()),
        gamma(t.gamma.begin(), t.gamma.end()),
        beta(t.beta.begin(), t.beta.end()),
        residual(t.residual.begin(), t.residual.end()) {}

  const float* residual_or_null() const { return residual.empty() ? nullptr : residual.data(); }
};

void kernels(int64_t rows, int64_t channels, bool relu, bool residual, bool threads) {
  const Textbook book = random(rows, channels, relu, residual, 3, 2);
  const Textbook book_t = random(rows, channels, relu, residual, 0.5, 1);
  const Arrays a(book), t(book_t);
  const int64_t n = rows * channels;
  const Floats gy = check::normal(n, 0.5);
  Floats workspace(eider_batch_norm_workspace(rows, channels) / 4 + 1);
  const std::string name = " relu=" + std::to_string(relu) + " residual=" + std::to_string(residual);
  const auto at = [&](const char* what, int64_t i) {
    return [=, &name] { return check::at(what, rows, channels, i) + name; };
  };

  Floats y(n, -7), mean(channels, -7), variance(channels, -7);
  const auto forward = [&] {
    check::that(
        eider_batch_norm_f32(rows, channels, kEpsilon, relu, a.x.data(), a.gamma.data(), a.beta.data(),
                             a.residual_or_null(), y.data(), mean.data(), variance.data(), workspace.data()) == 0,
        "forward");
    return check::joined({y, mean, variance});
  };
  forward();

  Floats gx(n, -7), ggamma(channels, -7), gbeta(channels, -7), gresidual(n, -7);
  const auto gradient = [&] {
    check::that(
        eider_batch_norm_gradient_f32(rows, channels, kEpsilon, relu, a.x.data(), y.data(), a.gamma.data(), mean.data(),
                                      variance.data(), gy.data(), gx.data(), ggamma.data(), gbeta.data(),
                                      residual ? gresidual.data() : nullptr, workspace.data()) == 0,
        "gradient");
    return check::joined({gx, ggamma, gbeta, gresidual});
  };
  gradient();

  Floats ty(n, -7), tmean(channels, -7), tvariance(channels, -7);
  const auto tangent = [&] {
    check::that(
        eider_batch_norm_tangent_f32(rows, channels, kEpsilon, relu, a.x.data(), y.data(), a.gamma.data(), mean.data(),
                                     variance.data(), t.x.data(), t.gamma.data(), t.beta.data(), t.residual_or_null(),
                                     ty.data(), tmean.data(), tvariance.data(), workspace.data()) == 0,
        "tangent");
    return check::joined({ty, tmean, tvariance});
  };
  tangent();

  const Doubles y_book = book.forward();
  const auto mask = [&](size_t i) { return y[i] > 0; };
  const auto g_book = book.gradient(doubles(gy), mask);
  const auto t_book = book.tangent(book_t, mask);
  const Statistics s = statistics(rows, channels, book.x);

  // Rounding scales of a channel. Every x - mean is off by eps max|x|, so xhat by eps kappa; the inverse deviation
  // is off by a factor 1 + eps kappa.
  Doubles r(channels), xhat(channels, 1), kappa(channels, 1), g_sum(channels, 0), t_max(channels, 0);
  for (int64_t c = 0; c < channels; ++c) r[c] = 1 / std::sqrt(s.variance[c] + double(kEpsilon));
  for (int64_t i = 0; i < n; ++i) {
    const int64_t c = i % channels;
    kappa[c] = std::max(kappa[c], 1 + r[c] * std::abs(book.x[i]));
    xhat[c] = std::max(xhat[c], r[c] * std::abs(book.x[i] - s.mean[c]));
    g_sum[c] += std::abs(gy[i]);
    t_max[c] = std::max(t_max[c], std::abs(book_t.x[i]));
  }
  const double eps = 4 * check::kEps;
  for (int64_t c = 0; c < channels; ++c) {
    check::near(mean[c], s.mean[c], eps * kappa[c] / r[c], at("mean", c));
    check::near(variance[c], s.variance[c], eps * kappa[c] / r[c] / r[c], at("variance", c));
    check::near(gbeta[c], g_book.gbeta[c], eps * g_sum[c], at("gbeta", c));
    check::near(ggamma[c], g_book.ggamma[c], eps * g_sum[c] * kappa[c] * xhat[c], at("ggamma", c));
    check::near(tmean[c], t_book.tmean[c], eps * t_max[c], at("tmean", c));
    check::near(tvariance[c], t_book.tvariance[c], eps * t_max[c] * kappa[c] / r[c], at("tvariance", c));
  }
  for (int64_t i = 0; i < n; ++i) {
    const int64_t c = i % channels;
    const double scale = std::abs(book.gamma[c]) * xhat[c] * kappa[c];
    check::near(y[i], y_book[i], eps * (scale + std::abs(book.beta[c]) + (residual ? std::abs(book.residual[i]) : 0)),
                at("y", i));
    const double g_scale =
        std::abs(book.gamma[c]) * r[c] * (std::abs(gy[i]) + g_sum[c] / double(rows) * xhat[c] * xhat[c]);
    check::near(gx[i], g_book.gx[i], eps * g_scale * kappa[c], at("gx", i));
    if (residual) check::near(gresidual[i], g_book.gresidual[i], 0, at("gresidual", i));
    const double t_scale = std::abs(book.gamma[c]) * r[c] * t_max[c] * xhat[c] * xhat[c] * kappa[c] +
                           std::abs(book_t.gamma[c]) * xhat[c] * kappa[c] + std::abs(book_t.beta[c]) +
                           (residual ? std::abs(book_t.residual[i]) : 0);
    check::near(ty[i], t_book.ty[i], eps * t_scale, at("ty", i));
  }

  // <gy, ty> = <gx, tx> + <ggamma, tgamma> + <gbeta, tbeta> + <gresidual, tresidual>, by the f32 kernels alone.
  double left = 0, right = 0, size = 0;
  const auto add = [&](double& side, const Floats& p, const Floats& q) {
    for (size_t i = 0; i < q.size(); ++i) {
      side += double(p[i]) * q[i];
      size += std::abs(double(p[i]) * q[i]);
    }
  };
  add(left, gy, ty);
  add(right, gx, t.x);
  add(right, ggamma, t.gamma);
  add(right, gbeta, t.beta);
  if (residual) add(right, gresidual, t.residual);
  check::near(left, right, eps * size * *std::max_element(kappa.begin(), kappa.end()), at("adjointness", 0));

  // In place: what the memory plan does.
  Floats place = a.x, other_mean(channels), other_variance(channels);
  eider_batch_norm_f32(rows, channels, kEpsilon, relu, place.data(), a.gamma.data(), a.beta.data(),
                       a.residual_or_null(), place.data(), other_mean.data(), other_variance.data(), workspace.data());
  check::same_bits(place, y, "forward in place of x" + name);
  Floats g_place = gy, other_gamma(channels), other_beta(channels), g_other(n, -7);
  eider_batch_norm_gradient_f32(rows, channels, kEpsilon, relu, a.x.data(), y.data(), a.gamma.data(), mean.data(),
                                variance.data(), g_place.data(), g_place.data(), other_gamma.data(), other_beta.data(),
                                residual ? g_other.data() : nullptr, workspace.data());
  check::same_bits(check::joined({g_place, other_gamma, other_beta, g_other}),
                   check::joined({gx, ggamma, gbeta, gresidual}), "gradient, gx in place of gy" + name);
  if (residual) {
    Floats masked = gy;
    eider_batch_norm_gradient_f32(rows, channels, kEpsilon, relu, a.x.data(), y.data(), a.gamma.data(), mean.data(),
                                  variance.data(), masked.data(), g_other.data(), other_gamma.data(), other_beta.data(),
                                  masked.data(), workspace.data());
    check::same_bits(check::joined({g_other, other_gamma, other_beta, masked}),
                     check::joined({gx, ggamma, gbeta, gresidual}), "gradient, gresidual in place of gy" + name);
  }
  Floats t_place = t.x;
  eider_batch_norm_tangent_f32(rows, channels, kEpsilon, relu, a.x.data(), y.data(), a.gamma.data(), mean.data(),
                               variance.data(), t_place.data(), t.gamma.data(), t.beta.data(), t.residual_or_null(),
                               t_place.data(), tmean.data(), tvariance.data(), workspace.data());
  check::same_bits(t_place, ty, "tangent in place of tx" + name);

  if (threads) {
    check::same_for_all_threads(forward, "forward" + name);
    check::same_for_all_threads(gradient, "gradient" + name);
    check::same_for_all_threads(tangent, "tangent" + name);
  }
}

// E[x^2] - E[x]^2 in f32 would leave nothing of a variance of 1 at a mean of 1e4.
void variance_survives_a_large_mean() {
  for (const int64_t channels : {1, 16, 100}) {
    const int64_t rows = 5000;
    const Textbook book = random(rows, channels, false, false, 1e4, 1);
    const Arrays a(book);
    Floats y(rows * channels), mean(channels), variance(channels);
    Floats workspace(eider_batch_norm_workspace(rows, channels) / 4 + 1);
    eider_batch_norm_f32(rows, channels, kEpsilon, 0, a.x.data(), a.gamma.data(), a.beta.data(), nullptr, y.data(),
                         mean.data(), variance.data(), workspace.data());
    const Statistics s = statistics(rows, channels, book.x);
    for (int64_t c = 0; c < channels; ++c) {
      check::near(variance[c] / s.variance[c], 1, 1e-4, check::at("variance at a large mean", rows, channels, c));
    }
  }
}

// The rows that sums are shifted by, as the only ones that differ: the worst case of the shift.
void variance_survives_an_odd_first_row() {
  const int64_t rows = 4096, channels = 1;
  Floats x(rows, 1.0f), y(rows), workspace(eider_batch_norm_workspace(rows, channels) / 4 + 1);
  x[0] = 1e3f;
  const float one = 1, zero = 0;
  float mean = 0, variance = 0;
  eider_batch_norm_f32(rows, channels, kEpsilon, 0, x.data(), &one, &zero, nullptr, y.data(), &mean, &variance,
                       workspace.data());
  const Statistics s = statistics(rows, channels, doubles(x));
  check::near(variance / s.variance[0], 1, 64 * check::kEps, "variance with an odd first row");
}

void constant_channels_have_no_variance() {
  for (const float value : {0.0f, 0.1f, -3.3e4f, 1.23456789e8f}) {
    const int64_t rows = 1000, channels = 33;
    const Floats x(rows * channels, value), ones(channels, 1);
    Floats y(x.size()), mean(channels), variance(channels);
    Floats workspace(eider_batch_norm_workspace(rows, channels) / 4 + 1);
    eider_batch_norm_f32(rows, channels, kEpsilon, 0, x.data(), ones.data(), ones.data(), nullptr, y.data(),
                         mean.data(), variance.data(), workspace.data());
    for (int64_t c = 0; c < channels; ++c) {
      check::near(mean[c], value, check::kEps * std::abs(value), "mean of a constant");
      // The mean itself is rounded.
      const double rounding = check::kEps * value;
      check::near(variance[c], 0, rounding * rounding, "variance of a constant");
      check::that(variance[c] >= 0, "variance of a constant is not negative");
    }
  }
}

// A number that is none passes the rectifier, and its derivatives stop there: it is not greater than 0.
void rectifier_keeps_what_is_no_number() {
  const int64_t rows = 100, channels = 33, odd = 1234;
  const Floats x = check::normal(rows * channels), t = check::normal(rows * channels), ones(channels, 1);
  Floats residual(rows * channels, 0);
  residual[odd] = std::nanf("");
  Floats y(x.size()), mean(channels), variance(channels), gx(x.size()), ggamma(channels), gbeta(channels);
  Floats masked(x.size()), ty(x.size()), workspace(eider_batch_norm_workspace(rows, channels) / 4 + 1);
  eider_batch_norm_f32(rows, channels, kEpsilon, 1, x.data(), ones.data(), ones.data(), residual.data(), y.data(),
                       mean.data(), variance.data(), workspace.data());
  eider_batch_norm_gradient_f32(rows, channels, kEpsilon, 1, x.data(), y.data(), ones.data(), mean.data(),
                                variance.data(), t.data(), gx.data(), ggamma.data(), gbeta.data(), masked.data(),
                                workspace.data());
  eider_batch_norm_tangent_f32(rows, channels, kEpsilon, 1, x.data(), y.data(), ones.data(), mean.data(),
                               variance.data(), t.data(), ones.data(), ones.data(), residual.data(), ty.data(),
                               ggamma.data(), gbeta.data(), workspace.data());
  for (int64_t i = 0; i < rows * channels; ++i) {
    check::that(std::isnan(y[i]) == (i == odd), check::at("rectified", rows, channels, i));
    check::that(y[i] > 0 ? masked[i] == t[i] : masked[i] == 0, check::at("masked", rows, channels, i));
    check::that(std::isfinite(ty[i]), check::at("tangent", rows, channels, i));
  }
  check::that(ty[odd] == 0, "no tangent of what is no number");
}

void channel_affine(int64_t rows, int64_t channels) {
  const int64_t n = rows * channels;
  const Floats x = check::normal(n), scale = check::normal(channels), shift = check::normal(channels);
  for (const bool relu : {false, true}) {
    for (const bool with_residual : {false, true}) {
      const Floats residual = check::normal(with_residual ? n : 0);
      const float* or_null = with_residual ? residual.data() : nullptr;
      Floats y(n, -7);
      const auto run = [&] {
        eider_channel_affine_f32(rows, channels, relu, x.data(), scale.data(), shift.data(), or_null, y.data());
        return y;
      };
      run();
      for (int64_t i = 0; i < n; ++i) {
        const int64_t c = i % channels;
        const double r = with_residual ? residual[i] : 0.0, product = double(x[i]) * scale[c];
        const double v = product + shift[c] + r;
        check::near(y[i], relu ? std::max(v, 0.0) : v,
                    2 * check::kEps * (std::abs(product) + std::abs(shift[c]) + std::abs(r)),
                    check::at("channel_affine", rows, channels, i));
      }
      Floats place = x;
      eider_channel_affine_f32(rows, channels, relu, place.data(), scale.data(), shift.data(), or_null, place.data());
      check::same_bits(place, y, "channel_affine in place");
      check::same_for_all_threads(run, "channel_affine");
    }
  }
}

void impossible_sizes() {
  float f = 0;
  check::that(eider_batch_norm_f32(0, 3, kEpsilon, 0, &f, &f, &f, nullptr, &f, &f, &f, &f) == 1, "no rows");
  check::that(eider_batch_norm_f32(3, 0, kEpsilon, 0, &f, &f, &f, nullptr, &f, &f, &f, &f) == 1, "no channels");
}

}  // namespace

int main() {
  algebra_is_the_derivative();
  for (const bool relu : {false, true}) {
    for (const bool residual : {false, true}) {
      for (const int64_t rows : check::kAwkward) {
        for (const int64_t channels : check::kAwkward) kernels(rows, channels, relu, residual, false);
      }
      // Large enough for threads: several blocks, the last one partial.
      kernels(2600, 16, relu, residual, true);
      kernels(1037, 32, relu, residual, true);
      kernels(530, 64, relu, residual, true);
      kernels(1100, 33, relu, residual, true);
      kernels(170, 200, relu, residual, true);
      kernels(12000, 3, relu, residual, true);
      kernels(40000, 1, relu, residual, true);
    }
  }
  variance_survives_a_large_mean();
  variance_survives_an_odd_first_row();
  constant_channels_have_no_variance();
  rectifier_keeps_what_is_no_number();
  for (const int64_t rows : check::kAwkward) {
    for (const int64_t channels : check::kAwkward) channel_affine(rows, channels);
  }
  channel_affine(2600, 16);
  channel_affine(170, 200);
  impossible_sizes();
  return check::report();
}
