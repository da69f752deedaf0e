// Pooling by its definition, window by window, and images that hold what is hard about it: equal pixels, NaN and
// infinities.
#ifndef EIDER_TEST_POOLING_H
#define EIDER_TEST_POOLING_H

#include <algorithm>

#include "bfloats.h"

namespace check {

using Places = std::vector<uint8_t>;

struct Pooling {
  int n, height, width, channels, window, stride, padding;

  // Of windows that end within the padded image, along one axis.
  int count(int size) const {
    int starts = 0;
    while (starts * stride + window <= size + 2 * padding) ++starts;
    return starts;
  }
  int rows() const { return count(height); }
  int columns() const { return count(width); }
  int64_t pixels() const { return int64_t(n) * height * width * channels; }
  int64_t results() const { return int64_t(n) * rows() * columns() * channels; }

  std::string text() const {
    std::string all;
    for (const int part : {n, height, width, channels, window, stride, padding}) all += " " + std::to_string(part);
    return all;
  }

  // body(result, window's first row and column, image, channel)
  template <class Body>
  void each_result(Body body) const {
    int64_t result = 0;
    for (int image = 0; image < n; ++image) {
      for (int p = 0; p < rows(); ++p) {
        for (int q = 0; q < columns(); ++q) {
          for (int c = 0; c < channels; ++c) body(result++, p * stride - padding, q * stride - padding, image, c);
        }
      }
    }
  }

  // Where a pixel lies; -1 in the padding.
  int64_t at(int image, int row, int column, int channel) const {
    const bool inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? ((int64_t(image) * height + row) * width + column) * channels + channel : -1;
  }

  // Places as they come, some in the padding, some that no window has.
  Places any_places() const {
    Places places(results());
    for (uint8_t& place : places) place = uint8_t(generator()() % uint64_t(window * window + 2));
    return places;
  }

  // Few numbers, so many are equal, zeros of both signs among them.
  Floats drawn() const {
    Floats x(pixels());
    for (float& v : x) {
      const uint64_t which = generator()() % 40;
      v = which == 0 ? NAN : which == 1 ? -INFINITY : which == 2 ? -0.0f : float(which % 5) - 3;
    }
    return x;
  }

  void max(const Floats& x, Floats& y, Places& places) const {
    y.assign(results(), 0);
    places.assign(results(), 0);
    each_result([&](int64_t result, int top, int left, int image, int c) {
      Floats values;
      Places there;
      for (int place = 0; place < window * window; ++place) {
        const int64_t from = at(image, top + place / window, left + place % window, c);
        if (from < 0) continue;
        values.push_back(x[from]);
        there.push_back(uint8_t(place));
      }
      const auto nan = std::find_if(values.begin(), values.end(), [](float v) { return std::isnan(v); });
      const auto largest = nan != values.end() ? nan : std::max_element(values.begin(), values.end());
      y[result] = *largest;
      places[result] = there[largest - values.begin()];
    });
  }

  Floats pick(const Floats& x, const Places& places) const {
    Floats y(results());
    each_result([&](int64_t result, int top, int left, int image, int c) {
      const int place = places[result];
      const int64_t from = at(image, top + place / window, left + place % window, c);
      y[result] = place < window * window && from >= 0 ? x[from] : 0;
    });
    return y;
  }

  Floats place(const Floats& g, const Places& places) const {
    Floats gx(pixels());
    each_result([&](int64_t result, int top, int left, int image, int c) {
      const int place = places[result];
      const int64_t to = at(image, top + place / window, left + place % window, c);
      if (place < window * window && to >= 0) gx[to] += g[result];
    });
    return gx;
  }
};

// Sizes of images and windows: as a ResNet's stem, overlapping and apart, padding as wide as it may be, pixels in no
// window, one window for all. Few rows, for ThreadSanitizer pays for every thread of a launch.
inline std::vector<Pooling> poolings(int channels) {
  return {{1, 4, 7, channels, 3, 2, 1},   {1, 4, 5, channels, 3, 1, 1},    {1, 4, 6, channels, 2, 2, 0},
          {2, 2, 9, channels, 2, 3, 1},   {1, 2, 3, channels, 3, 4, 2},    {3, 1, 1, channels, 1, 1, 0},
          {1, 1, 2, channels, 15, 5, 14}, {1, 4, 16, channels, 15, 7, 14}, {1, 4, 8, channels, 4, 3, 0}};
}

// Sizes that are none: of the image, the channels, the window, the stride, the padding; and windows that do not fit.
inline std::vector<Pooling> impossible_poolings() {
  return {{1, 0, 5, 3, 2, 1, 1},  {1, 5, 0, 3, 2, 1, 1}, {1, 5, 5, 0, 3, 1, 1},  {1, 5, 5, 3, 0, 1, 0},
          {1, 5, 5, 3, 16, 1, 8}, {1, 5, 5, 3, 3, 0, 1}, {1, 5, 5, 3, 3, 1, -1}, {1, 5, 5, 3, 3, 1, 3},
          {1, 2, 5, 3, 3, 1, 0},  {1, 5, 2, 3, 3, 1, 0}, {-1, 5, 5, 3, 3, 1, 1}, {1, 1 << 15, 1 << 15, 2, 3, 1, 1}};
}

}  // namespace check

#endif
