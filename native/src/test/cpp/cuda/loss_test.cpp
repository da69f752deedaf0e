// The losses' kernels in the emulator against the CPU's, which loss_test.cpp has against textbooks: every loss, every
// walk and the sizes where one takes over from another, alignments, in place, and what the status word says.
#include <cmath>

#include "cuda/harness.h"

namespace {

using check::Device;
using check::DeviceFloats;
using check::Floats;

struct Loss {
  const char* name;
  int id;
  float parameter, margin;

  float gamma() const { return id == EIDER_FOCAL || id == EIDER_SIGMOID_FOCAL ? parameter : 0; }
  float scale() const { return id == EIDER_LDAM ? parameter : 1; }
};

const std::vector<Loss> kLosses = {{"cross-entropy", EIDER_CROSS_ENTROPY, 0, 0}, {"focal 0", EIDER_FOCAL, 0, 0},
                                   {"focal 0.5", EIDER_FOCAL, 0.5, 0},           {"focal 2", EIDER_FOCAL, 2, 0},
                                   {"sigmoid focal", EIDER_SIGMOID_FOCAL, 2, 0}, {"ldam", EIDER_LDAM, 30, 0.25}};

// How the arrays of one run lie: floats before z, tz and gz, and whether gz is one of the others.
struct Placement {
  int64_t z, tz, gz;
  enum { kOwn, kInZ, kInTz } where;
};

const std::vector<Placement> kPlacements = {
    {0, 0, 0, Placement::kOwn}, {1, 2, 3, Placement::kOwn}, {0, 0, 0, Placement::kInZ}, {0, 0, 0, Placement::kInTz}};

struct Results {
  Floats losses, gz, tlosses, meta_tlosses, weights, meta_gz;
  std::vector<int64_t> statuses;
};

struct Batch {
  Loss loss;
  int64_t n, classes;
  Floats z, tz, weights, margins, step{0.25f};
  std::vector<int32_t> labels;

  Batch(const Loss& loss, int64_t n, int64_t classes, double deviation)
      : loss(loss),
        n(n),
        classes(classes),
        z(check::normal(n * classes, 0, deviation / loss.scale())),
        tz(check::normal(n * classes)),
        weights(check::normal(n)),
        margins(check::normal(n, loss.margin, 0.1)),
        labels(check::labels(n, classes)) {}

  Results blank() const {
    const Floats column(n, -7), matrix(n * classes, -7);
    return {column, matrix, column, column, column, matrix, {}};
  }

  Results on_cpu() const {
    Results r = blank();
    const float* m = loss.id == EIDER_LDAM ? margins.data() : nullptr;
    r.statuses = {eider_loss_f32(loss.id, loss.parameter, n, classes, z.data(), labels.data(), m, r.losses.data()),
                  eider_loss_gradient_f32(loss.id, loss.parameter, n, classes, z.data(), labels.data(), m,
                                          weights.data(), r.gz.data()),
                  eider_loss_tangent_f32(loss.id, loss.parameter, n, classes, z.data(), labels.data(), m, tz.data(),
                                         r.tlosses.data()),
                  eider_loss_meta_gradient_f32(loss.id, loss.parameter, n, classes, z.data(), labels.data(), m,
                                               tz.data(), weights.data(), step.data(), r.meta_tlosses.data(),
                                               r.weights.data(), r.meta_gz.data())};
    return r;
  }

  Results on_device(const Placement& place) const {
    Results r;
    const DeviceFloats at_z(z, place.z), at_tz(tz, place.tz), at_weights(weights), at_margins(margins), at_step(step);
    const Device<int32_t> at_labels(labels);
    const float* m = loss.id == EIDER_LDAM ? at_margins.data() : nullptr;
    // The kernels that may write over their inputs are given their own.
    const DeviceFloats in_z(z, place.z), meta_z(z, place.z), meta_tz(tz, place.tz);
    const DeviceFloats gz(n * classes, place.gz), own_meta(n * classes, place.gz);
    const DeviceFloats& gradient = place.where == Placement::kInZ ? in_z : gz;
    const DeviceFloats& meta = place.where == Placement::kInZ    ? meta_z
                               : place.where == Placement::kInTz ? meta_tz
                                                                 : own_meta;
    const DeviceFloats losses(n), tlosses(n), meta_tlosses(n), corrected(n);
    const Device<uint64_t> status(std::vector<uint64_t>(4, 0));
    check::done(eider_cuda_loss_f32(loss.id, loss.parameter, n, classes, at_z, at_labels, m, losses, status, nullptr),
                loss.name);
    check::done(eider_cuda_loss_gradient_f32(loss.id, loss.parameter, n, classes, in_z, at_labels, m, at_weights,
                                             gradient, status + 1, nullptr),
                loss.name);
    check::done(eider_cuda_loss_tangent_f32(loss.id, loss.parameter, n, classes, at_z, at_labels, m, at_tz, tlosses,
                                            status + 2, nullptr),
                loss.name);
    check::done(
        eider_cuda_loss_meta_gradient_f32(loss.id, loss.parameter, n, classes, meta_z, at_labels, m, meta_tz,
                                          at_weights, at_step, meta_tlosses, corrected, meta, status + 3, nullptr),
        loss.name);
    for (const uint64_t word : status.host()) r.statuses.push_back(eider_cuda_status(word));
    r.losses = losses.host();
    r.gz = gradient.host();
    r.tlosses = tlosses.host();
    r.meta_tlosses = meta_tlosses.host();
    r.weights = corrected.host();
    r.meta_gz = meta.host();
    return r;
  }
};

// Twice what rounding may cost one of the two (loss_test.cpp): they differ in the order of their sums.
void agree(const Batch& batch, const Results& r, const Results& cpu, const std::string& what) {
  const Loss& loss = batch.loss;
  double spread = 1, t_max = 0, w_max = 0, tangent_max = 0;
  for (const float z : batch.z) spread = std::max<double>(spread, std::abs(z));
  for (const float t : batch.tz) t_max = std::max<double>(t_max, std::abs(t));
  for (const float w : cpu.weights) w_max = std::max<double>(w_max, std::abs(w));
  for (const float t : cpu.tlosses) tangent_max = std::max<double>(tangent_max, std::abs(t));
  const double terms = loss.id == EIDER_SIGMOID_FOCAL ? double(batch.classes) : 1;
  const double near = 4 * check::kEps * (1 + loss.gamma()) *
                      (loss.scale() * (spread + std::abs(loss.margin)) + std::sqrt(double(batch.classes)) + 3);
  const double slope = loss.scale() * near, moved = 2 * terms * slope * t_max;
  const auto columns = [&](const char* name, const Floats& a, const Floats& b, double tolerance) {
    check::that(a.size() == b.size(), what + name);
    for (size_t i = 0; i < a.size(); ++i) {
      check::near(a[i], b[i], tolerance, [&] { return what + name + " [" + std::to_string(i) + "]"; });
    }
  };
  columns(" loss", r.losses, cpu.losses, terms * near);
  columns(" tangent", r.tlosses, cpu.tlosses, moved);
  columns(" meta tangent", r.meta_tlosses, cpu.meta_tlosses, moved);
  columns(" weight", r.weights, cpu.weights, moved);
  columns(" gradient", r.gz, cpu.gz, 4 * slope);
  columns(" meta-gradient", r.meta_gz, cpu.meta_gz, (w_max * slope + moved * loss.scale()) / double(batch.n));
  check::that(r.statuses == cpu.statuses, what + " status");
}

void kernels(const Loss& loss, int64_t n, int64_t classes) {
  const Batch batch(loss, n, classes, 2);
  const Results cpu = batch.on_cpu();
  Results first;
  for (const Placement& place : kPlacements) {
    const Results r = batch.on_device(place);
    const std::string what = check::at(loss.name, n, classes, int64_t(&place - kPlacements.data()));
    if (&place == &kPlacements[0]) {
      agree(batch, r, cpu, what);
      first = r;
    }
    // Where arrays lie decides how they are moved, never what is computed.
    check::same_bits(
        check::joined({r.losses, r.gz, r.tlosses, r.meta_tlosses, r.weights, r.meta_gz}),
        check::joined({first.losses, first.gz, first.tlosses, first.meta_tlosses, first.weights, first.meta_gz}),
        what + " placed otherwise");
  }
}

// Bad labels and logits in different rows: the status, the rows that are NaN and the others are the CPU's.
void bad_examples(const Loss& loss, int64_t n, int64_t classes) {
  const int64_t a = n / 3, b = n - 1;
  const auto compare = [&](const Batch& batch, const char* what) {
    const Results cpu = batch.on_cpu(), r = batch.on_device(kPlacements[0]);
    check::that(r.statuses == cpu.statuses, check::at(loss.name, n, classes, r.statuses[0]) + what);
    check::that(r.statuses[0] != 0, std::string("a status: ") + what);
    for (int64_t i = 0; i < n; ++i) {
      const std::string where = check::at(loss.name, n, classes, i) + what;
      check::that(std::isfinite(r.losses[i]) == std::isfinite(cpu.losses[i]), where + " loss");
      check::that(std::isfinite(r.tlosses[i]) == std::isfinite(cpu.tlosses[i]), where + " tangent");
      check::that(std::isfinite(r.weights[i]) == std::isfinite(cpu.weights[i]), where + " weight");
      for (int64_t j = i * classes; j < (i + 1) * classes; ++j) {
        check::that(std::isfinite(r.gz[j]) == std::isfinite(cpu.gz[j]), where + " gradient");
        check::that(std::isfinite(r.meta_gz[j]) == std::isfinite(cpu.meta_gz[j]), where + " meta-gradient");
      }
    }
  };
  const Batch good(loss, n, classes, 1);
  for (const int32_t label : {-1, int32_t(classes), INT32_MIN}) {
    Batch batch = good;
    batch.labels[a] = batch.labels[b] = label;
    compare(batch, " bad label");
  }
  for (const int64_t column : {int64_t(0), int64_t(good.labels[a]), classes - 1}) {
    Batch batch = good;
    batch.z[a * classes + column] = NAN;
    compare(batch, " NaN");
    batch.labels[b] = -1;
    compare(batch, " NaN before a bad label");
  }
  Batch batch = good;
  batch.z[b * classes] = INFINITY;
  batch.labels[a] = -1;
  compare(batch, " infinity after a bad label");
}

void a_status_word_keeps_the_first() {
  const DeviceFloats x(Floats(3, 0.0f)), y(3);
  const Device<uint64_t> status(std::vector<uint64_t>{0});
  for (const std::vector<int32_t>& labels : {std::vector<int32_t>{0, 0, 9}, {0, 9, 0}, {0, 0, 0}}) {
    const Device<int32_t> at(labels);
    check::done(eider_cuda_loss_f32(0, 0, 3, 1, x, at, nullptr, y, status, nullptr), "loss");
  }
  check::that(eider_cuda_status(status.host()[0]) == 2, "the first of several kernels");
}

}  // namespace

int main() {
  for (const Loss& loss : kLosses) {
    for (const int64_t classes : {1, 2, 7, 33}) kernels(loss, 9, classes);
    kernels(loss, 2, 300);
  }
  for (const int loss : {3, 4, 5}) {
    for (const int64_t classes : {31, 32, 100, 129, 256}) kernels(kLosses[loss], 3, classes);
    for (const int64_t classes : {257, 1000}) kernels(kLosses[loss], 2, classes);
  }
  kernels(kLosses[0], 1, 10);
  kernels(kLosses[0], 7, 10);
  kernels(kLosses[0], 56, 10);
  kernels(kLosses[5], 1, 8142);
  // Beyond shared memory: with two matrices, with one.
  kernels(kLosses[3], 1, 8158);
  kernels(kLosses[4], 2, 8158);
  kernels(kLosses[3], 1, 16318);
  for (const int loss : {3, 4}) {
    bad_examples(kLosses[loss], 12, 10);
    bad_examples(kLosses[loss], 3, 300);
    bad_examples(kLosses[loss], 3, 16400);
  }
  a_status_word_keeps_the_first();
  check::that(eider_cuda_loss_f32(0, 0, 3, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1, "no classes");
  check::done(eider_cuda_loss_f32(0, 0, 0, 3, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr), "no rows");
  return check::report();
}
