// What the tests of 3x3 convolutions with stride 1 and padding 1 share: sizes, and where the factors of every product
// lie.
#ifndef EIDER_TEST_CONVOLUTION_H
#define EIDER_TEST_CONVOLUTION_H

#include <cstdint>
#include <string>

namespace check {

struct Convolution {
  int64_t n, height, width, inputs, outputs;

  int64_t pixels() const { return n * height * width; }
  std::string text() const {
    return std::to_string(n) + "x" + std::to_string(height) + "x" + std::to_string(width) + "x" +
           std::to_string(inputs) + " to " + std::to_string(outputs);
  }
};

// Calls body(pixel of y, tap, pixel of x) for every product's place; channels are the caller's loops.
template <class Body>
void taps(const Convolution& s, Body body) {
  for (int64_t n = 0; n < s.n; ++n) {
    for (int64_t row = 0; row < s.height; ++row) {
      for (int64_t column = 0; column < s.width; ++column) {
        for (int64_t tap = 0; tap < 9; ++tap) {
          const int64_t from_row = row + tap / 3 - 1, from_column = column + tap % 3 - 1;
          if (from_row < 0 || from_row >= s.height || from_column < 0 || from_column >= s.width) continue;
          body((n * s.height + row) * s.width + column, tap, (n * s.height + from_row) * s.width + from_column);
        }
      }
    }
  }
}

}  // namespace check

#endif
