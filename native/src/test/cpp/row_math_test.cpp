// The row functions' own elementary functions against f64: units in the last place over their range, and special
// values.
#include "rows/row_math.h"

#include "check.h"

namespace {

template <class Function, class Exact>
double worst_ulps(double low, double high, Function function, Exact exact) {
  const int64_t n = 400000;
  double worst = 0;
  for (int64_t i = 0; i < n; ++i) {
    const float x = float(low + (high - low) * double(i) / double(n - 1));
    const double e = exact(double(x));
    const double ulp = double(std::nextafter(std::abs(float(e)), INFINITY)) - std::abs(double(float(e)));
    worst = std::max(worst, std::abs(double(function(x)) - e) / ulp);
  }
  return worst;
}

void at_most(const char* name, double ulps, double allowed) {
  std::printf("%s: %.2f ulp\n", name, ulps);
  check::near(ulps, 0, allowed, name);
}

}  // namespace

int main() {
  using eider::rows::exp2_down;
  using eider::rows::log_ratio;
  const auto exp2 = [](float x) { return exp2_down(x); };
  at_most("exp2_down", worst_ulps(-126, 0, exp2, [](double x) { return std::exp2(x); }), 1);
  at_most("exp2_down near 0", worst_ulps(-1e-3, 0, exp2, [](double x) { return std::exp2(x); }), 1);
  const auto ratio = [](float t) { return log_ratio(t); };
  const auto exact = [](double t) { return 2 * std::atanh(t); };
  at_most("log_ratio", worst_ulps(0, 1.0 / 3, ratio, exact), 1);
  at_most("log_ratio near 0", worst_ulps(0, 1e-6, ratio, exact), 1);
  check::near(exp2_down(0.0f), 1, 0, "exp2_down(0)");
  check::near(exp2_down(-126.0f), 0x1p-126, 0, "exp2_down(-126)");
  check::near(exp2_down(-126.0001f), 0, 0, "exp2_down below the normal numbers");
  check::near(exp2_down(-3e38f), 0, 0, "exp2_down(-3e38)");
  check::near(exp2_down(-INFINITY), 0, 0, "exp2_down(-inf)");
  check::near(exp2_down(NAN), NAN, 0, "exp2_down(NaN)");
  check::near(log_ratio(0.0f), 0, 0, "log_ratio(0)");
  check::near(log_ratio(NAN), NAN, 0, "log_ratio(NaN)");
  return check::report();
}
