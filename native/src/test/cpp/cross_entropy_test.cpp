// Cross-entropy: the row functions on every lane and number type against each other, the kernels against textbook f64;
// extreme logits, bad labels, and what the status says. Pick and place with them, as they share the labels.
#include <algorithm>

#include "check.h"
#include "rows/cross_entropy_rows.h"

// The value and one directional derivative, carried through any row function: an oracle for the hand-written tangent
// and gradient that shares no formula with them.
struct Dual {
  double v, d;
  Dual(double v = 0, double d = 0) : v(v), d(d) {}
};
Dual operator+(Dual a, Dual b) { return {a.v + b.v, a.d + b.d}; }
Dual operator-(Dual a, Dual b) { return {a.v - b.v, a.d - b.d}; }
bool operator>(Dual a, Dual b) { return a.v > b.v; }
bool operator!=(Dual a, Dual b) { return a.v != b.v; }
Dual exp(Dual a) { return {std::exp(a.v), a.d * std::exp(a.v)}; }
Dual log(Dual a) { return {std::log(a.v), a.d / a.v}; }

namespace {

using check::Doubles;
using check::Floats;
using eider::rows::Solo;
using eider::rows::Wide;

// A warp of a GPU on the CPU: 32 threads take every 32nd column and combine by exchanging with the thread whose number
// differs in one bit, so partition and order of summation are the device's.
struct SimWarp {
  template <class F>
  auto sum(int64_t n, F f) const {
    return fold(
        n, f, [](auto a, auto b) { return a + b; }, 0);
  }
  template <class F>
  auto max(int64_t n, F f) const {
    return fold(
        n, f, [](auto a, auto b) { return b > a || b != b ? b : a; }, -INFINITY);
  }
  template <class F>
  void each(int64_t n, F f) const {
    for (int64_t lane = 0; lane < 32; ++lane) {
      for (int64_t j = lane; j < n; j += 32) f(j);
    }
  }

 private:
  template <class F, class Combine>
  auto fold(int64_t n, F f, Combine combine, double identity) const {
    using T = decltype(f(0));
    std::vector<T> value(32, T(identity));
    for (int64_t lane = 0; lane < 32; ++lane) {
      for (int64_t j = lane; j < n; j += 32) value[lane] = combine(value[lane], f(j));
    }
    for (int64_t mask = 16; mask > 0; mask /= 2) {
      std::vector<T> next = value;
      for (int64_t lane = 0; lane < 32; ++lane) next[lane] = combine(value[lane], value[lane ^ mask]);
      value = next;
    }
    return value[0];
  }
};

struct Row {
  Doubles z, t;
  int64_t label;
};

template <class T, class Lane>
struct Evaluated {
  T loss, tangent;
  std::vector<T> gradient;

  explicit Evaluated(const Row& row) : loss(0), tangent(0), gradient(row.z.size(), T(0)) {
    const std::vector<T> z(row.z.begin(), row.z.end()), t(row.t.begin(), row.t.end());
    const int64_t n = int64_t(z.size());
    loss = eider::rows::cross_entropy_row(Lane(), z.data(), row.label, n);
    const T other = eider::rows::cross_entropy_gradient_row(Lane(), z.data(), row.label, T(0.75), n, gradient.data());
    const auto both = eider::rows::cross_entropy_tangent_row(Lane(), z.data(), t.data(), row.label, n);
    tangent = both.tangent;
    check::near(other, loss, 0, "the gradient's loss");
    check::near(both.loss, loss, 0, "the tangent's loss");
  }
};

template <class T, class Lane>
void agrees(const char* name, const Row& row, const Evaluated<double, Solo>& exact, double eps) {
  const Evaluated<T, Lane> e(row);
  const int64_t n = int64_t(row.z.size());
  // Logits round relative to their size; a sum over n terms adds the root of n at most in these orders.
  double spread = 1, t_max = 0;
  for (const double z : row.z) spread = std::max(spread, std::abs(z));
  for (const double t : row.t) t_max = std::max(t_max, std::abs(t));
  const double tolerance = eps * (spread + std::sqrt(double(n)) + 2);
  check::near(e.loss, exact.loss, tolerance, check::at(name, n, row.label, 0) + " loss");
  check::near(e.tangent, exact.tangent, 2 * tolerance * t_max, check::at(name, n, row.label, 0) + " tangent");
  for (int64_t j = 0; j < n; ++j) {
    check::near(e.gradient[j], exact.gradient[j], tolerance, check::at(name, n, row.label, j) + " gradient");
  }
}

void rows_agree() {
  for (const int64_t n : {1, 2, 7, 15, 16, 17, 31, 32, 33, 100, 129, 1000}) {
    for (const double scale : {1.0, 10.0, 1e4}) {
      for (int repeat = 0; repeat < 5; ++repeat) {
        const Floats z = check::normal(n, 0, scale), t = check::normal(n);
        const Row row{Doubles(z.begin(), z.end()), Doubles(t.begin(), t.end()), check::labels(1, n)[0]};
        const Evaluated<double, Solo> exact(row);
        agrees<double, Wide>("f64 Wide", row, exact, 1e-15);
        agrees<double, SimWarp>("f64 SimWarp", row, exact, 1e-15);
        agrees<float, Solo>("f32 Solo", row, exact, check::kEps);
        agrees<float, Wide>("f32 Wide", row, exact, check::kEps);
        agrees<float, SimWarp>("f32 SimWarp", row, exact, check::kEps);
        // The derivative of the value along t, and along each axis.
        std::vector<Dual> dual;
        double along = 0;
        for (int64_t j = 0; j < n; ++j) {
          dual.push_back({row.z[j], row.t[j]});
          along += exact.gradient[j] * row.t[j];
        }
        const Dual value = eider::rows::cross_entropy_row(Solo(), dual.data(), row.label, n);
        const double tolerance = 1e-14 * std::sqrt(double(n));
        check::near(value.d, exact.tangent, tolerance, check::at("dual tangent", n, row.label, 0));
        check::near(value.d * 0.75, along, tolerance, check::at("dual gradient", n, row.label, 0));
        for (int64_t j = 0; j < n; j += 1 + n / 7) {
          for (int64_t k = 0; k < n; ++k) dual[k].d = k == j;
          const Dual partial = eider::rows::cross_entropy_row(Wide(), dual.data(), row.label, n);
          check::near(partial.d * 0.75, exact.gradient[j], tolerance, check::at("dual axis", n, row.label, j));
        }
      }
    }
  }
}

struct Batch {
  int64_t n, classes;
  Floats z, tz, cotangent;
  std::vector<int32_t> labels;

  Batch(int64_t n, int64_t classes, double scale)
      : n(n),
        classes(classes),
        z(check::normal(n * classes, 0, scale)),
        tz(check::normal(n * classes)),
        cotangent(check::normal(n)),
        labels(check::labels(n, classes)) {}

  struct Result {
    Floats losses, gz, tlosses;
    int64_t value_status, gradient_status, tangent_status;
  };

  Result run() const {
    Result r{Floats(n, -7), Floats(n * classes, -7), Floats(n, -7), 0, 0, 0};
    r.value_status = eider_cross_entropy_f32(n, classes, z.data(), labels.data(), r.losses.data());
    r.gradient_status =
        eider_cross_entropy_gradient_f32(n, classes, z.data(), labels.data(), cotangent.data(), r.gz.data());
    r.tangent_status =
        eider_cross_entropy_tangent_f32(n, classes, z.data(), labels.data(), tz.data(), r.tlosses.data());
    return r;
  }

  void status_is(int64_t expected, const std::string& what) const {
    for (const int threads : {1, 2, 3}) {
      eider_set_threads(threads);
      const Result r = run();
      check::near(double(r.value_status), double(expected), 0, what + ": value status");
      check::near(double(r.gradient_status), double(expected), 0, what + ": gradient status");
      check::near(double(r.tangent_status), double(expected), 0, what + ": tangent status");
    }
  }
};

void kernels(int64_t n, int64_t classes, double scale) {
  const Batch batch(n, classes, scale);
  const Batch::Result r = batch.run();
  batch.status_is(0, check::at("good batch", n, classes, 0));
  for (int64_t i = 0; i < n; ++i) {
    const float *z = &batch.z[i * classes], *t = &batch.tz[i * classes];
    const int32_t label = batch.labels[i];
    const double top = *std::max_element(z, z + classes);
    double sum = 0, pt = 0, spread = 1, t_max = 0;
    for (int64_t j = 0; j < classes; ++j) sum += std::exp(double(z[j]) - top);
    for (int64_t j = 0; j < classes; ++j) {
      pt += std::exp(double(z[j]) - top) / sum * t[j];
      spread = std::max(spread, top - z[j]);
      t_max = std::max(t_max, std::abs(double(t[j])));
    }
    const double tolerance = check::kEps * (spread + std::sqrt(double(classes)) + 2);
    const double c = batch.cotangent[i];
    check::near(r.losses[i], std::log(sum) + top - z[label], tolerance, check::at("loss", n, classes, i));
    check::near(r.tlosses[i], pt - t[label], 2 * tolerance * t_max, check::at("tangent", n, classes, i));
    for (int64_t j = 0; j < classes; ++j) {
      const double g = c * (std::exp(double(z[j]) - top) / sum - (j == label));
      check::near(r.gz[i * classes + j], g, tolerance * std::abs(c), check::at("gradient", n, classes, i));
    }
  }
  Floats place = batch.z;
  eider_cross_entropy_gradient_f32(n, classes, place.data(), batch.labels.data(), batch.cotangent.data(), place.data());
  check::same_bits(place, r.gz, "gradient in place of z");
  check::same_for_all_threads(
      [&] {
        const Batch::Result other = batch.run();
        return check::joined({other.losses, other.gz, other.tlosses});
      },
      check::at("cross_entropy", n, classes, 0));
}

void bad_examples() {
  const int64_t n = 500, classes = 100;
  const Batch good(n, classes, 1);
  for (const int32_t label : {-1, 100, INT32_MAX, INT32_MIN}) {
    Batch batch = good;
    batch.labels[499] = batch.labels[123] = label;
    batch.status_is(124, "label " + std::to_string(label));
    const Batch::Result r = batch.run();
    check::that(std::isnan(r.losses[123]) && std::isnan(r.tlosses[123]) && std::isnan(r.gz[123 * classes + 5]),
                "a bad label gives NaN");
    check::same_bits(
        Floats(r.gz.begin(), r.gz.begin() + 123 * classes),
        [&] {
          const Batch::Result whole = good.run();
          return Floats(whole.gz.begin(), whole.gz.begin() + 123 * classes);
        }(),
        "examples before a bad one");
    Floats y(n), x(n * classes, -7);
    check::near(double(eider_pick_f32(n, classes, batch.z.data(), batch.labels.data(), y.data())), 124, 0, "pick");
    check::near(double(eider_place_f32(n, classes, good.cotangent.data(), batch.labels.data(), x.data())), 124, 0,
                "place");
    check::that(std::isnan(y[123]) && std::isnan(x[123 * classes]) && !std::isnan(y[122]), "a bad label gives NaN");
  }
  for (const float value : {NAN, INFINITY, -INFINITY}) {
    Batch batch = good;
    // In the label's column, where even -infinity makes the loss infinite.
    batch.z[77 * classes + batch.labels[77]] = value;
    batch.z[300 * classes + batch.labels[300]] = NAN;
    batch.status_is(-78, "logit " + std::to_string(value));
  }
  Batch masked = good;
  masked.z[77 * classes + (masked.labels[77] + 1) % classes] = -INFINITY;
  masked.status_is(0, "-infinity for another class is probability 0");
  Batch nan = good;
  nan.z[77 * classes + (nan.labels[77] + 1) % classes] = NAN;
  nan.status_is(-78, "NaN for another class");
  Batch both = good;
  both.labels[200] = -5;
  both.z[300 * classes] = NAN;
  both.status_is(201, "the first of two");
  Batch reversed = good;
  reversed.labels[300] = -5;
  reversed.z[200 * classes] = NAN;
  reversed.status_is(-201, "the first of two");
  check::near(double(eider_cross_entropy_f32(3, 0, nullptr, nullptr, nullptr)), 1, 0, "no classes");
  check::near(double(eider_cross_entropy_f32(0, 10, nullptr, nullptr, nullptr)), 0, 0, "no examples");
}

void pick_and_place(int64_t n, int64_t classes) {
  const Floats x = check::normal(n * classes), y = check::normal(n);
  const std::vector<int32_t> labels = check::labels(n, classes);
  Floats picked(n, -7), placed(n * classes, -7);
  check::near(double(eider_pick_f32(n, classes, x.data(), labels.data(), picked.data())), 0, 0, "pick");
  check::near(double(eider_place_f32(n, classes, y.data(), labels.data(), placed.data())), 0, 0, "place");
  for (int64_t i = 0; i < n; ++i) {
    check::near(picked[i], x[i * classes + labels[i]], 0, check::at("pick", n, classes, i));
    for (int64_t j = 0; j < classes; ++j) {
      check::near(placed[i * classes + j], j == labels[i] ? y[i] : 0, 0, check::at("place", n, classes, i));
    }
  }
}

}  // namespace

int main() {
  rows_agree();
  for (const int64_t n : check::kAwkward) {
    for (const int64_t classes : check::kAwkward) {
      kernels(n, classes, 2);
      pick_and_place(n, classes);
    }
  }
  kernels(33, 100, 1e4);
  kernels(500, 100, 3);
  kernels(6, 8142, 3);
  pick_and_place(500, 100);
  bad_examples();
  return check::report();
}
