// Element-wise kernels and SGD against plain loops, at awkward sizes, in place, and for any number of threads; exp and
// log against f64 over their whole range.
#include "check.h"

namespace {

using check::Floats;

using Unary = int (*)(int64_t, const float*, float*);
using Binary = int (*)(int64_t, const float*, const float*, float*);

std::vector<int64_t> sizes() {
  std::vector<int64_t> n = check::kAwkward;
  n.push_back(0);
  n.push_back(100003);
  return n;
}

// ulps: how many units in the last place of f32 the result may be off.
void unary(const char* name, Unary kernel, double (*expected)(double), double ulps, bool positive) {
  for (const int64_t n : sizes()) {
    Floats x = check::normal(n, 0, 3);
    if (positive) {
      for (float& v : x) v = std::abs(v);
    }
    Floats y(n, -7);
    check::that(kernel(n, x.data(), y.data()) == 0, name);
    for (int64_t i = 0; i < n; ++i) {
      const double e = expected(x[i]);
      check::near(y[i], e, ulps * std::abs(double(std::nextafter(float(e), INFINITY)) - double(float(e))),
                  check::at(name, n, 1, i));
    }
    check::same_for_all_threads(
        [&] {
          Floats in_place = x;
          kernel(n, in_place.data(), in_place.data());
          return in_place;
        },
        name);
    Floats in_place = x;
    kernel(n, in_place.data(), in_place.data());
    check::same_bits(in_place, y, std::string(name) + " in place");
  }
  check::that(kernel(-1, nullptr, nullptr) == 1, std::string(name) + " of negative size");
}

void binary(const char* name, Binary kernel, double (*expected)(double, double)) {
  for (const int64_t n : sizes()) {
    const Floats a = check::normal(n);
    Floats b = check::normal(n);
    for (int64_t i = 0; i < n; i += 3) b[i] = a[i];
    Floats y(n, -7);
    check::that(kernel(n, a.data(), b.data(), y.data()) == 0, name);
    for (int64_t i = 0; i < n; ++i) {
      check::near(y[i], float(expected(a[i], b[i])), 0, check::at(name, n, 1, i));
    }
    Floats left = a, right = b;
    kernel(n, left.data(), b.data(), left.data());
    kernel(n, a.data(), right.data(), right.data());
    check::same_bits(left, y, std::string(name) + " in place of the first");
    check::same_bits(right, y, std::string(name) + " in place of the second");
    check::same_for_all_threads(
        [&] {
          Floats out(n);
          kernel(n, a.data(), b.data(), out.data());
          return out;
        },
        name);
  }
}

// Every binade and the edges; the error in units in the last place of the f32 result.
void whole_range(const char* name, Unary kernel, double (*expected)(double), double low, double high) {
  const int64_t n = 400000;
  Floats x(n), y(n);
  for (int64_t i = 0; i < n; ++i) x[i] = float(low + (high - low) * double(i) / double(n - 1));
  kernel(n, x.data(), y.data());
  double worst = 0;
  for (int64_t i = 0; i < n; ++i) {
    const double e = expected(x[i]);
    const float rounded = std::min(std::abs(float(e)), 3.4028234e38f);
    const double ulp = double(rounded) - double(std::nextafter(rounded, -1.0f));
    const double error = std::abs(double(y[i]) - e) / ulp;
    // Above the largest number the right answer is infinity.
    if (!(std::isinf(y[i]) && std::isinf(float(e)))) worst = std::max(worst, error);
  }
  check::near(worst, 0, 1, std::string(name) + " over its range, ulp");
}

void special_values() {
  const float inf = INFINITY;
  Floats y(1);
  const auto is = [&](Unary kernel, float x, float expected, const char* what) {
    kernel(1, &x, y.data());
    check::near(y[0], expected, 0, what);
  };
  is(eider_exp_f32, inf, inf, "exp(inf)");
  is(eider_exp_f32, -inf, 0, "exp(-inf)");
  is(eider_exp_f32, NAN, NAN, "exp(NaN)");
  is(eider_exp_f32, 0, 1, "exp(0)");
  is(eider_exp_f32, 1e4f, inf, "exp(1e4)");
  is(eider_exp_f32, -1e4f, 0, "exp(-1e4)");
  is(eider_log_f32, 0, -inf, "log(0)");
  is(eider_log_f32, -0.0f, -inf, "log(-0)");
  is(eider_log_f32, 1, 0, "log(1)");
  is(eider_log_f32, -1, NAN, "log(-1)");
  is(eider_log_f32, inf, inf, "log(inf)");
  is(eider_log_f32, -inf, NAN, "log(-inf)");
  is(eider_log_f32, NAN, NAN, "log(NaN)");
  is(eider_log_f32, 1e-45f, float(std::log(double(1e-45f))), "log(smallest)");
  is(eider_relu_f32, NAN, NAN, "relu(NaN)");
  is(eider_relu_f32, 0, 0, "relu(0)");
  is(eider_positive_f32, 0, 0, "positive(0)");
  is(eider_positive_f32, NAN, 0, "positive(NaN)");
  is(eider_sqrt_f32, -1, NAN, "sqrt(-1)");
}

void fill_and_scale_add() {
  for (const int64_t n : sizes()) {
    Floats y(n + 1, -7);
    eider_fill_f32(n, 2.5f, y.data());
    for (int64_t i = 0; i < n; ++i) check::near(y[i], 2.5, 0, check::at("fill", n, 1, i));
    check::near(y[n], -7, 0, "fill beyond the end");
    const Floats x = check::normal(n), b = check::normal(n);
    const float a = -1.25f;
    Floats out(n), in_place = b;
    eider_scale_add_f32(n, &a, x.data(), b.data(), out.data());
    eider_scale_add_f32(n, &a, x.data(), in_place.data(), in_place.data());
    for (int64_t i = 0; i < n; ++i) {
      check::near(out[i], double(a) * x[i] + b[i], 2 * check::kEps * (std::abs(a * x[i]) + std::abs(b[i])),
                  check::at("scale_add", n, 1, i));
    }
    check::same_bits(in_place, out, "scale_add in place");
  }
}

void sgd() {
  for (const int64_t n : sizes()) {
    for (const int nesterov : {0, 1}) {
      const Floats p = check::normal(n), m = check::normal(n), g = check::normal(n);
      const float lr = 0.1f, mu = 0.9f, wd = 5e-4f;
      Floats p_next(n), m_next(n), p_place = p, m_place = m;
      check::that(
          eider_sgd_f32(n, &lr, mu, wd, nesterov, p.data(), m.data(), g.data(), p_next.data(), m_next.data()) == 0,
          "sgd");
      eider_sgd_f32(n, &lr, mu, wd, nesterov, p_place.data(), m_place.data(), g.data(), p_place.data(), m_place.data());
      for (int64_t i = 0; i < n; ++i) {
        const double d = double(g[i]) + double(wd) * p[i], v = double(mu) * m[i] + d;
        const double scale = std::abs(d) + std::abs(m[i]) + std::abs(p[i]);
        check::near(m_next[i], v, 4 * check::kEps * scale, check::at("sgd momentum", n, nesterov, i));
        check::near(p_next[i], p[i] - double(lr) * (nesterov ? d + double(mu) * v : v), 4 * check::kEps * scale,
                    check::at("sgd parameter", n, nesterov, i));
      }
      check::same_bits(check::joined({p_place, m_place}), check::joined({p_next, m_next}), "sgd in place");
    }
  }
}

}  // namespace

int main() {
  unary(
      "negate", eider_negate_f32, [](double x) { return -x; }, 0, false);
  unary(
      "exp", eider_exp_f32, [](double x) { return std::exp(x); }, 1.5, false);
  unary(
      "log", eider_log_f32, [](double x) { return std::log(x); }, 1.5, true);
  unary(
      "sqrt", eider_sqrt_f32, [](double x) { return std::sqrt(x); }, 0.5, true);
  unary(
      "relu", eider_relu_f32, [](double x) { return x > 0 ? x : 0; }, 0, false);
  unary(
      "positive", eider_positive_f32, [](double x) { return x > 0 ? 1.0 : 0.0; }, 0, false);
  binary("add", eider_add_f32, [](double a, double b) { return a + b; });
  binary("subtract", eider_subtract_f32, [](double a, double b) { return a - b; });
  binary("multiply", eider_multiply_f32, [](double a, double b) { return a * b; });
  binary("divide", eider_divide_f32, [](double a, double b) { return a / b; });
  binary("equal", eider_equal_f32, [](double a, double b) { return a == b ? 1.0 : 0.0; });
  whole_range(
      "exp", eider_exp_f32, [](double x) { return std::exp(x); }, -104, 89);
  whole_range(
      "log", eider_log_f32, [](double x) { return std::log(x); }, 1e-6, 5);
  whole_range(
      "log", eider_log_f32, [](double x) { return std::log(x); }, 1e-45, 1e-37);
  whole_range(
      "log", eider_log_f32, [](double x) { return std::log(x); }, 1, 3.4e38);
  special_values();
  fill_and_scale_add();
  sgd();
  return check::report();
}
