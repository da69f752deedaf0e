// Losses: the row functions on every lane and number type against each other and against dual numbers, the kernels
// against textbook f64; extreme logits, bad labels, and what the status says.
#include <algorithm>

#include "check.h"
#include "rows/sigmoid_focal_rows.h"
#include "rows/softmax_loss_rows.h"

// The value and one directional derivative, carried through any row function: an oracle for the hand-written tangent
// and gradient that shares no formula with them.
struct Dual {
  double v, d;
  Dual(double v = 0, double d = 0) : v(v), d(d) {}
};
Dual operator+(Dual a, Dual b) { return {a.v + b.v, a.d + b.d}; }
Dual operator-(Dual a, Dual b) { return {a.v - b.v, a.d - b.d}; }
Dual operator-(Dual a) { return {-a.v, -a.d}; }
Dual operator*(Dual a, Dual b) { return {a.v * b.v, a.d * b.v + a.v * b.d}; }
Dual operator/(Dual a, Dual b) { return {a.v / b.v, (a.d - a.v / b.v * b.d) / b.v}; }
bool operator>(Dual a, Dual b) { return a.v > b.v; }
Dual exp(Dual a) { return {std::exp(a.v), a.d * std::exp(a.v)}; }
Dual exp2_down(Dual a) { return {std::exp2(a.v), a.d * std::log(2.0) * std::exp2(a.v)}; }
Dual log(Dual a) { return {std::log(a.v), a.d / a.v}; }
Dual log_ratio(Dual a) { return {2 * std::atanh(a.v), a.d * 2 / (1 - a.v * a.v)}; }

namespace {

using check::Doubles;
using check::Floats;
using eider::rows::SigmoidFocalLoss;
using eider::rows::SoftmaxLoss;
using eider::rows::Solo;
using eider::rows::Two;
using eider::rows::Wide;

// A warp of a GPU on the CPU: 32 threads take every 32nd column and combine by exchanging with the thread whose number
// differs in one bit, so partition and order of summation are the device's.
struct SimWarp {
  template <class F>
  auto sum(int64_t n, int64_t but, F f) const {
    return fold(n, but, f, decltype(f(0)){}, [](auto a, auto b) { return a + b; });
  }
  template <class F>
  auto sums(int64_t n, int64_t but, F f) const {
    return sum(n, but, f);
  }
  template <class F>
  auto max(int64_t n, int64_t but, F f) const {
    return fold(n, but, f, decltype(f(0))(-INFINITY), [](auto a, auto b) { return eider::rows::larger(a, b); });
  }
  template <class F>
  void each(int64_t n, F f) const {
    for (int64_t lane = 0; lane < 32; ++lane) {
      for (int64_t j = lane; j < n; j += 32) f(j);
    }
  }
  template <class F>
  void at(int64_t, F f) const {
    f();
  }

 private:
  template <class F, class T, class Combine>
  T fold(int64_t n, int64_t but, F f, T identity, Combine combine) const {
    std::vector<T> value(32, identity);
    for (int64_t lane = 0; lane < 32; ++lane) {
      for (int64_t j = lane; j < n; j += 32) {
        if (j != but) value[lane] = combine(value[lane], f(j));
      }
    }
    for (int64_t mask = 16; mask > 0; mask /= 2) {
      std::vector<T> next = value;
      for (int64_t lane = 0; lane < 32; ++lane) next[lane] = combine(value[lane], value[lane ^ mask]);
      value = next;
    }
    return value[0];
  }
};

// A loss as the ABI names it.
struct Loss {
  const char* name;
  int id;
  double parameter;
  double margin;

  bool sigmoid() const { return id == EIDER_SIGMOID_FOCAL; }
  double gamma() const { return id == EIDER_FOCAL || sigmoid() ? parameter : 0; }
  double scale() const { return id == EIDER_LDAM ? parameter : 1; }

  // Calls use with the struct that the rows are overloaded on.
  template <class T, class Use>
  auto as(Use use) const {
    return sigmoid() ? use(SigmoidFocalLoss<T>{T(parameter)}) : use(SoftmaxLoss<T>{T(gamma()), T(scale())});
  }
};

const std::vector<Loss> kLosses = {{"cross-entropy", EIDER_CROSS_ENTROPY, 0, 0},
                                   {"focal 0", EIDER_FOCAL, 0, 0},
                                   {"focal 0.5", EIDER_FOCAL, 0.5, 0},
                                   {"focal 1", EIDER_FOCAL, 1, 0},
                                   {"focal 2", EIDER_FOCAL, 2, 0},
                                   {"sigmoid focal 0", EIDER_SIGMOID_FOCAL, 0, 0},
                                   {"sigmoid focal 0.5", EIDER_SIGMOID_FOCAL, 0.5, 0},
                                   {"sigmoid focal 2", EIDER_SIGMOID_FOCAL, 2, 0},
                                   {"ldam 1", EIDER_LDAM, 1, 0.5},
                                   {"ldam 30", EIDER_LDAM, 30, 0.25},
                                   {"ldam -", EIDER_LDAM, 4, -0.5}};

struct Row {
  Doubles z, t;
  int64_t label;
  double margin;
};

constexpr double kCotangent = 0.75, kWeight = 0.5, kStep = 0.25, kShare = 0.125;

template <class T, class Lane>
struct Evaluated {
  T loss, tangent, weight;
  std::vector<T> gradient, meta;

  Evaluated(const Loss& which, const Row& row)
      : loss(0), tangent(0), weight(0), gradient(row.z.size(), T(0)), meta(row.z.size(), T(0)) {
    which.as<T>([&](auto family) {
      const std::vector<T> z(row.z.begin(), row.z.end()), t(row.t.begin(), row.t.end());
      const int64_t n = int64_t(z.size());
      const T margin(row.margin);
      loss = loss_row(Lane(), family, z.data(), row.label, margin, n);
      const T other = loss_gradient_row(Lane(), family, z.data(), row.label, margin, T(kCotangent), n, gradient.data());
      const auto both = loss_tangent_row(Lane(), family, z.data(), t.data(), row.label, margin, n);
      const auto all = loss_meta_gradient_row(Lane(), family, z.data(), t.data(), row.label, margin, T(kWeight),
                                              T(kStep), T(kShare), n, meta.data());
      tangent = both.tangent;
      weight = all.weight;
      check::near(other, loss, 0, "the gradient's loss");
      check::near(both.loss, loss, 0, "the tangent's loss");
      check::near(all.loss, loss, 0, "the meta-gradient's loss");
      check::near(all.tangent, tangent, 0, "the meta-gradient's tangent");
      return 0;
    });
  }
};

// What rounding may cost: logits round relative to their spread, and the exponential makes that relative to its result;
// a sum over n terms adds the root of n at most in these orders; the power gamma multiplies roundings.
double tolerance(const Loss& loss, double eps, double spread, double n) {
  return 2 * eps * (1 + loss.gamma()) * (loss.scale() * (spread + std::abs(loss.margin)) + std::sqrt(n) + 3);
}

template <class T, class Lane>
void agrees(const char* name, const Loss& loss, const Row& row, const Evaluated<double, Solo>& exact, double eps) {
  const Evaluated<T, Lane> e(loss, row);
  const int64_t n = int64_t(row.z.size());
  double spread = 1, t_max = 0;
  for (const double z : row.z) spread = std::max(spread, std::abs(z));
  for (const double t : row.t) t_max = std::max(t_max, std::abs(t));
  // The sigmoid's losses add up over the classes.
  const double terms = loss.sigmoid() ? double(n) : 1;
  const double slope = loss.scale() * tolerance(loss, eps, loss.sigmoid() ? 1 : spread, double(n));
  const auto what = [&](const char* part, int64_t j) {
    return std::string(name) + " " + check::at(loss.name, n, row.label, j) + part;
  };
  check::near(e.loss, exact.loss, terms * tolerance(loss, eps, spread, double(n)), [&] { return what(" loss", 0); });
  check::near(e.tangent, exact.tangent, 2 * terms * slope * t_max, [&] { return what(" tangent", 0); });
  check::near(e.weight, kWeight + kStep * exact.tangent, 2 * terms * slope * t_max, [&] { return what(" weight", 0); });
  for (int64_t j = 0; j < n; ++j) {
    check::near(e.gradient[j], exact.gradient[j], slope, [&] { return what(" gradient", j); });
    const double meta = (kWeight + kStep * exact.tangent) * kShare / kCotangent * exact.gradient[j];
    check::near(e.meta[j], meta, slope * (1 + terms * loss.scale() * t_max), [&] { return what(" meta", j); });
  }
}

// The derivative of the value along t, in each of some columns, and in the margin.
void agrees_with_duals(const Loss& loss, const Row& row, const Evaluated<double, Solo>& exact) {
  const int64_t n = int64_t(row.z.size());
  std::vector<Dual> dual;
  double along = 0;
  for (int64_t j = 0; j < n; ++j) {
    dual.push_back({row.z[j], row.t[j]});
    along += exact.gradient[j] * row.t[j];
  }
  const auto value = [&](Dual margin) {
    return loss.as<Dual>([&](auto family) { return loss_row(Solo(), family, dual.data(), row.label, margin, n); });
  };
  const double near = 1e-13 * loss.scale() * std::sqrt(double(n));
  check::near(value(row.margin).d, exact.tangent, near,
              [&] { return check::at(loss.name, n, row.label, 0) + " dual"; });
  check::near(value(row.margin).d * kCotangent, along, near,
              [&] { return check::at(loss.name, n, row.label, 0) + " dual gradient"; });
  for (int64_t j = 0; j < n; j += 1 + n / 7) {
    for (int64_t k = 0; k < n; ++k) dual[k].d = k == j;
    check::near(value(row.margin).d * kCotangent, exact.gradient[j], near,
                [&] { return check::at(loss.name, n, row.label, j) + " dual axis"; });
  }
  for (int64_t k = 0; k < n; ++k) dual[k].d = 0;
  if (!loss.sigmoid()) {
    check::near(-value({row.margin, 1}).d * kCotangent, exact.gradient[row.label], near,
                [&] { return check::at(loss.name, n, row.label, 0) + " dual margin"; });
  }
}

void rows_agree() {
  for (const Loss& loss : kLosses) {
    for (const int64_t n : {1, 2, 7, 15, 16, 17, 31, 63, 64, 65, 100, 129, 1000}) {
      for (const double scale : {1.0, 10.0, 1e4}) {
        const Floats z = check::normal(n, 0, scale), t = check::normal(n);
        const Row row{Doubles(z.begin(), z.end()), Doubles(t.begin(), t.end()), check::labels(1, n)[0], loss.margin};
        const Evaluated<double, Solo> exact(loss, row);
        agrees<double, Wide>("f64 Wide", loss, row, exact, 1e-15);
        agrees<double, SimWarp>("f64 SimWarp", loss, row, exact, 1e-15);
        agrees<float, Solo>("f32 Solo", loss, row, exact, check::kEps);
        agrees<float, Wide>("f32 Wide", loss, row, exact, check::kEps);
        agrees<float, SimWarp>("f32 SimWarp", loss, row, exact, check::kEps);
        // Where u is 0, of one class or of far apart logits, a dual number takes the logarithm's slope there.
        if (scale * loss.scale() < 100 && (n > 1 || loss.id != EIDER_FOCAL)) agrees_with_duals(loss, row, exact);
      }
    }
  }
}

struct Batch {
  Loss loss;
  int64_t n, classes;
  Floats z, tz, cotangent, margins;
  std::vector<int32_t> labels;

  Batch(const Loss& loss, int64_t n, int64_t classes, double scale)
      : loss(loss),
        n(n),
        classes(classes),
        z(check::normal(n * classes, 0, scale)),
        tz(check::normal(n * classes)),
        cotangent(check::normal(n)),
        margins(check::normal(n, loss.margin, 0.1)),
        labels(check::labels(n, classes)) {}

  struct Result {
    Floats losses, gz, tlosses, meta_tlosses, weights, meta_gz;
    int64_t statuses[4];

    Floats all() const { return check::joined({losses, gz, tlosses, meta_tlosses, weights, meta_gz}); }
  };

  const float* margins_or_null() const { return loss.id == EIDER_LDAM ? margins.data() : nullptr; }

  int64_t gradient(const float* logits, float* gz) const {
    return eider_loss_gradient_f32(loss.id, float(loss.parameter), n, classes, logits, labels.data(), margins_or_null(),
                                   cotangent.data(), gz);
  }

  int64_t meta(const float* logits, const float* t, Result& r, float* gz) const {
    const float step = float(kStep);
    return eider_loss_meta_gradient_f32(loss.id, float(loss.parameter), n, classes, logits, labels.data(),
                                        margins_or_null(), t, cotangent.data(), &step, r.meta_tlosses.data(),
                                        r.weights.data(), gz);
  }

  Result run() const {
    const Floats column(n, -7), matrix(n * classes, -7);
    Result r{column, matrix, column, column, column, matrix, {}};
    r.statuses[0] = eider_loss_f32(loss.id, float(loss.parameter), n, classes, z.data(), labels.data(),
                                   margins_or_null(), r.losses.data());
    r.statuses[1] = gradient(z.data(), r.gz.data());
    r.statuses[2] = eider_loss_tangent_f32(loss.id, float(loss.parameter), n, classes, z.data(), labels.data(),
                                           margins_or_null(), tz.data(), r.tlosses.data());
    r.statuses[3] = meta(z.data(), tz.data(), r, r.meta_gz.data());
    return r;
  }

  void status_is(int64_t expected, const std::string& what) const {
    for (const int threads : {1, 2, 3}) {
      eider_set_threads(threads);
      const Result r = run();
      for (const int64_t status : r.statuses) {
        check::near(double(status), double(expected), 0, [&] { return std::string(loss.name) + ", status: " + what; });
      }
    }
  }
};

// L and dL/dz of one example, as the papers print them, in f64.
struct Textbook {
  double loss = 0;
  Doubles slope;

  Textbook(const Loss& which, const float* z, int64_t classes, int64_t label, double margin) : slope(classes) {
    const double gamma = which.gamma(), s = which.scale();
    if (which.sigmoid()) {
      for (int64_t j = 0; j < classes; ++j) {
        const double sign = j == label ? 1 : -1, v = sign * z[j];
        const double p = 1 / (1 + std::exp(-v)), rest = 1 / (1 + std::exp(v));
        // log p without the rounding of p to 1, or to 0.
        const double log_p = v > 0 ? -std::log1p(std::exp(-v)) : v - std::log1p(std::exp(v));
        loss += std::pow(rest, gamma) * -log_p;
        slope[j] = sign * std::pow(rest, gamma) * (gamma * p * log_p - rest);
      }
      return;
    }
    Doubles p(classes);
    double sum = 0, others = 0;
    for (int64_t j = 0; j < classes; ++j) {
      // Relative to the label's own, so that the label's probability is 1/(1 + others).
      p[j] = std::exp(s * ((double(z[j]) - (j == label ? margin : 0)) - (z[label] - margin)));
      sum += p[j];
      others += j == label ? 0 : p[j];
    }
    const double entropy = std::log1p(others), u = others / sum;
    loss = std::pow(u, gamma) * entropy;
    const double focus =
        std::pow(u, gamma) + (gamma == 0 || u == 0 ? 0 : gamma / sum * std::pow(u, gamma - 1) * entropy);
    for (int64_t j = 0; j < classes; ++j) slope[j] = focus * s * (j == label ? -u : p[j] / sum);
  }
};

void kernels(const Loss& loss, int64_t n, int64_t classes, double scale) {
  const Batch batch(loss, n, classes, scale);
  const Batch::Result r = batch.run();
  batch.status_is(0, check::at("good batch", n, classes, 0));
  for (int64_t i = 0; i < n; ++i) {
    const float *z = &batch.z[i * classes], *t = &batch.tz[i * classes];
    const double margin = loss.id == EIDER_LDAM ? double(batch.margins[i]) : 0;
    const Textbook exact(loss, z, classes, batch.labels[i], margin);
    double tangent = 0, t_max = 0;
    for (int64_t j = 0; j < classes; ++j) {
      tangent += exact.slope[j] * t[j];
      t_max = std::max(t_max, std::abs(double(t[j])));
    }
    const double terms = loss.sigmoid() ? double(classes) : 1;
    const double near = tolerance(loss, check::kEps, 8 * scale, double(classes));
    const double slope = loss.scale() * near, moved = 2 * terms * slope * t_max;
    const auto what = [&](const char* part) { return check::at(loss.name, n, classes, i) + part; };
    check::near(r.losses[i], exact.loss, terms * near, [&] { return what(" loss"); });
    check::near(r.tlosses[i], tangent, moved, [&] { return what(" tangent"); });
    check::near(r.meta_tlosses[i], r.tlosses[i], 0, [&] { return what(" meta-gradient's tangent"); });
    const double weight = batch.cotangent[i] + kStep * tangent;
    check::near(r.weights[i], weight, moved, [&] { return what(" weight"); });
    for (int64_t j = 0; j < classes; ++j) {
      const double c = batch.cotangent[i], share = 1 / double(n);
      check::near(r.gz[i * classes + j], c * exact.slope[j], slope * std::abs(c), [&] { return what(" gradient"); });
      check::near(r.meta_gz[i * classes + j], weight * share * exact.slope[j],
                  share * (slope * std::abs(weight) + moved * std::abs(exact.slope[j])),
                  [&] { return what(" meta-gradient"); });
    }
  }
  Floats place = batch.z;
  batch.gradient(place.data(), place.data());
  check::same_bits(place, r.gz, "gradient in place of z");
  Batch::Result other = r;
  place = batch.z;
  batch.meta(place.data(), batch.tz.data(), other, place.data());
  check::same_bits(place, r.meta_gz, "meta-gradient in place of z");
  place = batch.tz;
  batch.meta(batch.z.data(), place.data(), other, place.data());
  check::same_bits(place, r.meta_gz, "meta-gradient in place of tz");
  check::same_for_all_threads([&] { return batch.run().all(); }, check::at(loss.name, n, classes, 0));
}

// gamma = 0 is cross-entropy, and so is LDAM without margin and scale: to the bit, as one row function computes all.
void special_cases_are_cross_entropy() {
  Batch batch(kLosses[0], 33, 100, 3);
  const Floats expected = batch.run().all();
  batch.loss = {"focal 0", EIDER_FOCAL, 0, 0};
  check::same_bits(batch.run().all(), expected, "focal with gamma 0");
  batch.loss = {"ldam 1", EIDER_LDAM, 1, 0};
  batch.margins.assign(33, 0);
  check::same_bits(batch.run().all(), expected, "ldam with scale 1 and margins 0");
}

// Rows of three logits with the label first: {logits, expected loss, expected gradient at the label}.
void extremes() {
  for (const Loss& loss : kLosses) {
    if (loss.id == EIDER_LDAM) continue;
    const double g = loss.gamma();
    // -log(1/3) and 1 - 1/3, or three times -log(1/2) and 1 - 1/2.
    const double equal = loss.sigmoid() ? 3 * std::pow(0.5, g) * std::log(2.0) : std::pow(2.0 / 3, g) * std::log(3.0);
    const double slope = loss.sigmoid() ? -std::pow(0.5, g) * (g * 0.5 * std::log(2.0) + 0.5)
                                        : -(std::pow(2.0 / 3, g) * (1 + g * std::log(3.0) / 2)) * 2 / 3;
    struct {
      Floats z;
      double loss, slope;
    } rows[] = {{{0, 0, 0}, equal, slope},
                {{1e4f, 1e4f, 1e4f}, loss.sigmoid() ? 2e4 : equal, loss.sigmoid() ? 0 : slope},
                {{1e4f, -1e4f, -1e4f}, 0, 0},
                {{200, -200, -200}, 0, 0},
                {{-1e4f, 1e4f, -1e4f}, 2e4, -1}};
    for (const auto& row : rows) {
      Batch batch(loss, 1, 3, 1);
      batch.z = row.z;
      batch.labels = {0};
      batch.cotangent = {1};
      batch.status_is(0, "extreme logits");
      const Batch::Result r = batch.run();
      const std::string what = std::string(loss.name) + " of logits " + std::to_string(row.z[0]);
      const double top = 1 + std::abs(row.loss);
      check::near(r.losses[0], row.loss, 8 * check::kEps * top, what);
      // The sum of a wrong class's steepest slope and the label's.
      const bool unbounded = loss.id == EIDER_FOCAL && row.loss == 2e4;
      check::near(r.gz[0], unbounded ? -1 : row.slope, 16 * check::kEps, what + " gradient");
      for (const float v : r.all()) check::that(std::isfinite(v), what + " is finite");
    }
  }
  // As u goes to 0 the loss is u^(1 + gamma) and its slope at the label -(1 + gamma) u^(1 + gamma), to relative
  // accuracy.
  for (const double gamma : {0.5, 1.0, 2.0}) {
    for (const float gap : {5.0f, 20.0f, 25.0f}) {
      Batch batch({"focal", EIDER_FOCAL, gamma, 0}, 1, 2, 1);
      batch.z = {gap, 0};
      batch.labels = {0};
      batch.cotangent = {1};
      const Batch::Result r = batch.run();
      const Textbook exact(batch.loss, batch.z.data(), 2, 0, 0);
      const std::string what = "focal " + std::to_string(gamma) + " at u = exp(-" + std::to_string(gap) + ")";
      check::near(r.losses[0] / exact.loss, 1, 100 * check::kEps, what);
      check::near(r.gz[0] / exact.slope[0], 1, 100 * check::kEps, what + " gradient");
      check::near(r.gz[1] / exact.slope[1], 1, 100 * check::kEps, what + " gradient of the other");
    }
  }
}

void bad_examples(const Loss& loss) {
  const int64_t n = 500, classes = 100;
  const Batch good(loss, n, classes, 1);
  const Floats whole = good.run().gz;
  for (const int32_t label : {-1, 100, INT32_MAX, INT32_MIN}) {
    Batch batch = good;
    batch.labels[499] = batch.labels[123] = label;
    batch.status_is(124, "label " + std::to_string(label));
    const Batch::Result r = batch.run();
    for (const float v : {r.losses[123], r.tlosses[123], r.gz[123 * classes], r.gz[123 * classes + 5],
                          r.meta_tlosses[123], r.weights[123], r.meta_gz[123 * classes + 99]}) {
      check::that(std::isnan(v), "a bad label gives NaN");
    }
    check::same_bits(Floats(r.gz.begin(), r.gz.begin() + 123 * classes),
                     Floats(whole.begin(), whole.begin() + 123 * classes), "examples before a bad one");
  }
  const auto with = [&](int64_t row, int64_t column, float value) {
    Batch batch = good;
    batch.z[row * classes + column] = value;
    return batch;
  };
  const int64_t own = good.labels[77], other = (own + 1) % classes;
  with(77, own, NAN).status_is(-78, "NaN for the label");
  with(77, own, -INFINITY).status_is(-78, "-infinity for the label");
  with(77, other, NAN).status_is(-78, "NaN for another class");
  with(77, other, INFINITY).status_is(-78, "infinity for another class");
  with(77, other, -INFINITY).status_is(0, "-infinity for another class is probability 0");
  if (!loss.sigmoid()) with(77, own, INFINITY).status_is(-78, "infinity for the label");
  Batch both = with(300, 0, NAN);
  both.labels[200] = -5;
  both.status_is(201, "the first of two");
  Batch reversed = with(200, 0, NAN);
  reversed.labels[300] = -5;
  reversed.status_is(-201, "the first of two");
  check::near(double(eider_loss_f32(loss.id, 1, 3, 0, nullptr, nullptr, nullptr, nullptr)), 1, 0, "no classes");
  check::near(double(eider_loss_f32(loss.id, 1, 0, 10, nullptr, nullptr, nullptr, nullptr)), 0, 0, "no examples");
}

// Rows of few classes are walked side by side: each has the bits of the same row alone.
void side_by_side(const Loss& loss, int64_t n, int64_t classes, double scale) {
  const Batch batch(loss, n, classes, scale);
  const Batch::Result r = batch.run();
  Batch::Result alone = r;
  loss.as<float>([&](auto family) {
    for (int64_t i = 0; i < n; ++i) {
      const float *z = &batch.z[i * classes], *t = &batch.tz[i * classes], c = batch.cotangent[i];
      const int64_t label = batch.labels[i];
      const float margin = loss.id == EIDER_LDAM ? batch.margins[i] : 0;
      alone.losses[i] = loss_row(Solo(), family, z, label, margin, classes);
      loss_gradient_row(Solo(), family, z, label, margin, c, classes, &alone.gz[i * classes]);
      alone.tlosses[i] = loss_tangent_row(Solo(), family, z, t, label, margin, classes).tangent;
      const auto meta = loss_meta_gradient_row(Solo(), family, z, t, label, margin, c, float(kStep), 1 / float(n),
                                               classes, &alone.meta_gz[i * classes]);
      alone.meta_tlosses[i] = meta.tangent;
      alone.weights[i] = meta.weight;
    }
    return 0;
  });
  check::same_bits(r.all(), alone.all(), check::at(loss.name, n, classes, 0) + " side by side");
}

// A bad example shows in the status and in its own row only, wherever it stands among the rows beside it.
void bad_in_any_place(const Loss& loss, int64_t n, int64_t classes) {
  const Batch good(loss, n, classes, 1);
  const Batch::Result whole = good.run();
  for (int64_t row = 0; row < n; ++row) {
    const auto check_status = [&](const Batch& batch, int64_t status) {
      batch.status_is(status, check::at("bad row", n, classes, row));
      Batch::Result r = batch.run();
      check::that(!std::isfinite(r.losses[row]), "the bad row's loss");
      for (auto column : {&Batch::Result::losses, &Batch::Result::tlosses, &Batch::Result::weights}) {
        (r.*column)[row] = (whole.*column)[row];
        check::same_bits(r.*column, whole.*column, check::at("beside a bad row", n, classes, row));
      }
      for (auto matrix : {&Batch::Result::gz, &Batch::Result::meta_gz}) {
        std::copy_n((whole.*matrix).begin() + row * classes, classes, (r.*matrix).begin() + row * classes);
        check::same_bits(r.*matrix, whole.*matrix, check::at("gradient beside a bad row", n, classes, row));
      }
    };
    Batch labels = good;
    labels.labels[row] = row % 2 ? int32_t(classes) : -1;
    check_status(labels, row + 1);
    labels.z[(n - 1) * classes] = NAN;
    labels.status_is(row + 1, "the first of two");
    Batch logits = good;
    logits.z[row * classes + row % classes] = NAN;
    check_status(logits, -(row + 1));
    logits.labels[n - 1] = -1;
    logits.status_is(row + 1 < n ? -(row + 1) : row + 1, "the first of two");
  }
}

void few_classes(const Loss& loss) {
  for (const int64_t classes : {1, 2, 7, 10, 15, 16, 17, 31, 33}) {
    for (const int64_t n : {1, 2, 7, 15, 16, 17, 33, 129}) {
      kernels(loss, n, classes, loss.id == EIDER_LDAM ? 0.5 : 2);
      for (const double scale : {1.0, 30.0, 1e4}) side_by_side(loss, n, classes, scale);
    }
  }
  bad_in_any_place(loss, 33, 10);
  bad_in_any_place(loss, 15, 3);
  const Batch many(loss, 4001, 10, 1);
  check::same_for_all_threads([&] { return many.run().all(); }, "many rows of few classes");
}

}  // namespace

int main() {
  rows_agree();
  special_cases_are_cross_entropy();
  extremes();
  for (const Loss& loss : kLosses) {
    for (const int64_t n : {1, 7, 33}) {
      for (const int64_t classes : check::kAwkward) kernels(loss, n, classes, loss.id == EIDER_LDAM ? 0.5 : 2);
    }
    kernels(loss, 3, 100, 30 / loss.scale());
    kernels(loss, 500, 100, 1);
    kernels(loss, 5, 8142, 3 / loss.scale());
    bad_examples(loss);
    few_classes(loss);
  }
  return check::report();
}
