// Pick and place in the emulator against plain loops, and what they say of bad labels.
#include "cuda/harness.h"

namespace {

using check::Device;
using check::DeviceFloats;
using check::Floats;

struct Result {
  Floats picked, placed;
  int64_t picked_status, placed_status;
};

Result run(int64_t n, int64_t classes, const Floats& x, const Floats& y, const std::vector<int32_t>& labels) {
  const DeviceFloats at_x(x), at_y(y), picked(n), placed(n * classes);
  const Device<int32_t> at_labels(labels);
  const Device<uint64_t> status(std::vector<uint64_t>(2, 0));
  check::done(eider_cuda_pick_f32(n, classes, at_x, at_labels, picked, status, nullptr), "pick");
  check::done(eider_cuda_place_f32(n, classes, at_y, at_labels, placed, status + 1, nullptr), "place");
  const std::vector<uint64_t> words = status.host();
  return {picked.host(), placed.host(), eider_cuda_status(words[0]), eider_cuda_status(words[1])};
}

void pick_and_place(int64_t n, int64_t classes) {
  const Floats x = check::normal(n * classes), y = check::normal(n);
  const std::vector<int32_t> labels = check::labels(n, classes);
  const Result r = run(n, classes, x, y, labels);
  check::that(r.picked_status == 0 && r.placed_status == 0, "no status");
  for (int64_t i = 0; i < n; ++i) {
    check::near(r.picked[i], x[i * classes + labels[i]], 0, check::at("pick", n, classes, i));
    for (int64_t j = 0; j < classes; ++j) {
      check::near(r.placed[i * classes + j], j == labels[i] ? y[i] : 0, 0, check::at("place", n, classes, i));
    }
  }
}

void bad_labels() {
  const int64_t n = 130, classes = 7;
  const Floats x = check::normal(n * classes), y = check::normal(n);
  for (const int32_t label : {-1, 7, INT32_MAX, INT32_MIN}) {
    std::vector<int32_t> labels = check::labels(n, classes);
    labels[129] = labels[23] = label;
    const Result r = run(n, classes, x, y, labels);
    check::that(r.picked_status == 24 && r.placed_status == 24, "the first bad label");
    for (int64_t i = 0; i < n; ++i) {
      const bool bad = i == 23 || i == 129;
      check::that(std::isnan(r.picked[i]) == bad, check::at("pick", n, classes, i));
      for (int64_t j = 0; j < classes; ++j) {
        check::that(std::isnan(r.placed[i * classes + j]) == bad, check::at("place", n, classes, i));
      }
    }
  }
}

}  // namespace

int main() {
  for (const int64_t n : check::kAwkward) {
    for (const int64_t classes : {1, 2, 7, 10}) pick_and_place(n, classes);
  }
  pick_and_place(256, 4);
  pick_and_place(257, 3);
  pick_and_place(2, 1000);
  bad_labels();
  check::done(eider_cuda_pick_f32(0, 3, nullptr, nullptr, nullptr, nullptr, nullptr), "no rows");
  check::done(eider_cuda_place_f32(0, 3, nullptr, nullptr, nullptr, nullptr, nullptr), "no rows");
  check::that(eider_cuda_pick_f32(3, 0, nullptr, nullptr, nullptr, nullptr, nullptr) == 1, "no classes");
  check::that(eider_cuda_place_f32(3, 0, nullptr, nullptr, nullptr, nullptr, nullptr) == 1, "no classes");
  return check::report();
}
