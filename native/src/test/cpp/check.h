// What the kernel tests share: counted checks, seeded random arrays, and the comparison of runs with different numbers
// of threads. A test program ends with `return check::report();`.
#ifndef EIDER_TEST_CHECK_H
#define EIDER_TEST_CHECK_H

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "abi.h"

namespace check {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

constexpr double kEps = 1.1920929e-7;
const std::vector<int64_t> kAwkward = {1, 2, 7, 31, 33, 100, 129};

inline int64_t checks = 0, failures = 0;

inline void that(bool holds, const std::string& what) {
  ++checks;
  if (holds) return;
  if (++failures <= 20) std::fprintf(stderr, "FAILED %s\n", what.c_str());
  // For who only wants to know whether.
  if (std::getenv("EIDER_FAIL_FAST") != nullptr) std::_Exit(1);
}

// Written so that an unexpected NaN fails. what is a text or, for the inner loops, a function that makes one.
template <class What>
void near(double actual, double expected, double tolerance, const What& what) {
  if (actual == expected || std::abs(actual - expected) <= tolerance || (std::isnan(actual) && std::isnan(expected))) {
    ++checks;
    return;
  }
  std::string text;
  if constexpr (std::is_invocable_v<What>) {
    text = what();
  } else {
    text = what;
  }
  that(false, text + ": " + std::to_string(actual) + ", expected " + std::to_string(expected) + " within " +
                  std::to_string(tolerance / kEps) + " eps");
}

template <class T>
void same_bits(const std::vector<T>& a, const std::vector<T>& b, const std::string& what) {
  that(a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0),
       what + ": other bits");
}

// run() computes from scratch and returns every output.
template <class Run>
void same_for_all_threads(Run run, const std::string& what) {
  eider_set_threads(1);
  const Floats one = run();
  for (int threads : {2, 3}) {
    eider_set_threads(threads);
    same_bits(run(), one, what + " with " + std::to_string(threads) + " threads");
  }
  eider_set_threads(2);
}

inline std::mt19937& generator() {
  static std::mt19937 engine(20200613);
  return engine;
}

inline Floats normal(int64_t n, double mean = 0, double deviation = 1) {
  std::normal_distribution<double> distribution(mean, deviation);
  Floats values(n);
  for (float& value : values) value = float(distribution(generator()));
  return values;
}

inline std::vector<int32_t> labels(int64_t n, int64_t classes) {
  std::vector<int32_t> values(n);
  for (int32_t& value : values) value = int32_t(generator()() % uint64_t(classes));
  return values;
}

inline Floats joined(std::initializer_list<Floats> parts) {
  Floats all;
  for (const Floats& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

inline std::string at(const char* name, int64_t a, int64_t b, int64_t i) {
  return std::string(name) + " " + std::to_string(a) + "x" + std::to_string(b) + " [" + std::to_string(i) + "]";
}

inline int report() {
  std::printf("%lld checks, %lld failed (%s)\n", static_cast<long long>(checks), static_cast<long long>(failures),
              eider_instruction_set());
  return failures == 0 ? 0 : 1;
}

}  // namespace check

#endif
