// Measures the three batch-norm kernels against memcpy of as many bytes as they must move: time and GB/s of each, at
// the activations of ResNet-32 with batch size 100. Build and run as said in NOTES.md; not part of the tests.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "abi.h"
#include "cpu/parallel.h"

namespace {

float* floats(int64_t n) {
  float* memory = static_cast<float*>(eider_allocate(n * int64_t(sizeof(float))));
  for (int64_t i = 0; i < n; ++i) memory[i] = float(std::rand() % 2001 - 1000) * 1e-3f;
  return memory;
}

// The best of repeated calls, in microseconds: the only figure that another process on the machine does not change.
template <class Body>
double microseconds(Body body) {
  std::vector<double> times;
  for (int i = 0; i < 100; ++i) {
    const auto start = std::chrono::steady_clock::now();
    body();
    times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  return *std::min_element(times.begin(), times.end());
}

void measure(int64_t rows, int64_t channels) {
  const int64_t n = rows * channels;
  float *x = floats(n), *y = floats(n), *gy = floats(n), *gx = floats(n), *residual = floats(n), *out = floats(n);
  float *gamma = floats(channels), *beta = floats(channels), *mean = floats(channels), *variance = floats(channels);
  float *ggamma = floats(channels), *gbeta = floats(channels), *tmean = floats(channels), *tvariance = floats(channels);
  void* workspace = eider_allocate(eider_batch_norm_workspace(rows, channels));
  const double copy = microseconds([&] {
    eider::parallel_elements(n, [&](int64_t b, int64_t e) { std::memcpy(gx + b, x + b, size_t(e - b) * 4); });
  });
  std::printf("%ld x %ld: memcpy %.0f us, %.1f GB/s\n", long(rows), long(channels), copy, 8e-3 * double(n) / copy);
  // streams: arrays read or written, counted once per pass; a copy is two.
  const auto report = [&](const char* name, int streams, double time) {
    std::printf("  %-28s %6.0f us  %5.1f GB/s  %.2f x copy of the same bytes\n", name, time,
                4e-3 * double(streams) * double(n) / time, time / (copy * streams / 2));
  };
  for (const int relu : {0, 1}) {
    for (float* r : {static_cast<float*>(nullptr), residual}) {
      char name[64];
      std::snprintf(name, sizeof name, "forward relu=%d residual=%d", relu, r != nullptr);
      report(name, 3 + (r != nullptr), microseconds([&] {
               eider_batch_norm_f32(rows, channels, 1e-5f, relu, x, gamma, beta, r, y, mean, variance, workspace);
             }));
      std::snprintf(name, sizeof name, "gradient relu=%d residual=%d", relu, r != nullptr);
      report(name,
             relu ? 7
             : r  ? 6
                  : 5,
             microseconds([&] {
               eider_batch_norm_gradient_f32(rows, channels, 1e-5f, relu, x, y, gamma, mean, variance, gy, gx, ggamma,
                                             gbeta, r ? out : nullptr, workspace);
             }));
      std::snprintf(name, sizeof name, "tangent relu=%d residual=%d", relu, r != nullptr);
      report(name, 5 + relu + (r != nullptr), microseconds([&] {
               eider_batch_norm_tangent_f32(rows, channels, 1e-5f, relu, x, y, gamma, mean, variance, gy, ggamma, gbeta,
                                            r, gx, tmean, tvariance, workspace);
             }));
    }
  }
  for (void* memory : {static_cast<void*>(x), static_cast<void*>(y), static_cast<void*>(gy), static_cast<void*>(gx),
                       static_cast<void*>(residual), static_cast<void*>(out), static_cast<void*>(gamma),
                       static_cast<void*>(beta), static_cast<void*>(mean), static_cast<void*>(variance),
                       static_cast<void*>(ggamma), static_cast<void*>(gbeta), workspace}) {
    eider_free(memory);
  }
}

}  // namespace

int main() {
  std::printf("%s; %s; %d threads\n", eider_build_info(), eider_instruction_set(), eider_threads());
  measure(100 * 32 * 32, 16);
  measure(100 * 16 * 16, 32);
  measure(100 * 8 * 8, 64);
}
