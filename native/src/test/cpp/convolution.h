// What the tests of 3x3 convolutions with padding 1 share: sizes, and where the factors of every product lie.
#ifndef EIDER_TEST_CONVOLUTION_H
#define EIDER_TEST_CONVOLUTION_H

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace check {

struct Convolution {
  int64_t n, height, width, inputs, outputs, stride = 1;

  int64_t pixels() const { return n * height * width; }
  int64_t rows() const { return height > 0 ? (height - 1) / stride + 1 : 0; }
  int64_t columns() const { return (width - 1) / stride + 1; }
  int64_t results() const { return n * rows() * columns(); }
  std::string text() const {
    return std::to_string(n) + "x" + std::to_string(height) + "x" + std::to_string(width) + "x" +
           std::to_string(inputs) + " to " + std::to_string(outputs) + " stride " + std::to_string(stride);
  }
};

// Calls body(pixel of y, tap, pixel of x) for every product's place; channels are the caller's loops.
template <class Body>
void taps(const Convolution& s, Body body) {
  for (int64_t n = 0; n < s.n; ++n) {
    for (int64_t row = 0; row < s.rows(); ++row) {
      for (int64_t column = 0; column < s.columns(); ++column) {
        for (int64_t tap = 0; tap < 9; ++tap) {
          const int64_t from_row = s.stride * row + tap / 3 - 1, from_column = s.stride * column + tap % 3 - 1;
          if (from_row < 0 || from_row >= s.height || from_column < 0 || from_column >= s.width) continue;
          body((n * s.rows() + row) * s.columns() + column, tap, (n * s.height + from_row) * s.width + from_column);
        }
      }
    }
  }
}

// Scratch memory on a cache line, as kernels are promised it, and not a byte more than they asked for, so that the
// address sanitizer sees one who goes beyond. Whatever lay there before must not matter: not a number is what shows
// most.
class Scratch {
 public:
  explicit Scratch(int64_t bytes, int fill = 0xff) {
    if (posix_memalign(&memory_, 64, size_t(bytes)) != 0) std::abort();
    std::memset(memory_, fill, size_t(bytes));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::free(memory_); }

  template <class T>
  T* as() const {
    return static_cast<T*>(memory_);
  }

 private:
  void* memory_ = nullptr;
};

}  // namespace check

#endif
