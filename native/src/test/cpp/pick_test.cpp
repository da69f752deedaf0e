// Pick and place against plain loops, and what they say of bad labels.
#include "check.h"

namespace {

using check::Floats;

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

void bad_labels() {
  const int64_t n = 500, classes = 100;
  const Floats x = check::normal(n * classes), y = check::normal(n);
  for (const int32_t label : {-1, 100, INT32_MAX, INT32_MIN}) {
    std::vector<int32_t> labels = check::labels(n, classes);
    labels[499] = labels[123] = label;
    Floats picked(n, -7), placed(n * classes, -7);
    check::near(double(eider_pick_f32(n, classes, x.data(), labels.data(), picked.data())), 124, 0, "pick");
    check::near(double(eider_place_f32(n, classes, y.data(), labels.data(), placed.data())), 124, 0, "place");
    check::that(std::isnan(picked[123]) && std::isnan(placed[123 * classes]) && !std::isnan(picked[122]),
                "a bad label gives NaN");
  }
}

}  // namespace

int main() {
  for (const int64_t n : check::kAwkward) {
    for (const int64_t classes : check::kAwkward) pick_and_place(n, classes);
  }
  pick_and_place(500, 100);
  bad_labels();
  return check::report();
}
