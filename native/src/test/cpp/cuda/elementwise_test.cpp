// Element-wise kernels in the emulator: the bits of the CPU's, at awkward sizes, aligned to 16 bytes and not, in place.
#include "cuda/device.h"
#include "cuda/harness.h"

namespace {

using check::Device;
using check::DeviceBits;
using check::DeviceFloats;
using check::Floats;

const std::vector<int64_t> kSizes = {1, 2, 3, 4, 5, 7, 129, 1000, 1023, 1025, 2049};

using CpuUnary = int (*)(int64_t, const float*, float*);
template <class T>
using CpuBinary = int (*)(int64_t, const T*, const T*, T*);
using Unary = int (*)(int64_t, const float*, float*, void*);
template <class T>
using Binary = int (*)(int64_t, const T*, const T*, T*, void*);

// Ordinary numbers, and every kind that is not.
Floats inputs(int64_t n) {
  Floats x = check::normal(n, 0, 20);
  const Floats special = {0, -0.0f, INFINITY, -INFINITY, NAN, 1e-45f, -1e-40f, 3.4e38f, 88.7f, -103.9f, 1};
  for (int64_t i = 0; i < n; i += 5) x[i] = special[size_t(i / 5) % special.size()];
  return x;
}

void unary(const char* name, CpuUnary cpu, Unary kernel) {
  for (const int64_t n : kSizes) {
    const Floats x = inputs(n);
    Floats expected(n);
    cpu(n, x.data(), expected.data());
    for (const int64_t skew : {0, 1, 3}) {
      const DeviceFloats from(x, skew), to(n, skew), in_place(x, skew);
      check::done(kernel(n, from, to, nullptr), name);
      check::same_bits(to.host(), expected, check::at(name, n, skew, 0));
      check::done(kernel(n, in_place, in_place, nullptr), name);
      check::same_bits(in_place.host(), expected, check::at(name, n, skew, 0) + " in place");
    }
    const DeviceFloats aligned(x), skewed(n, 2);
    check::done(kernel(n, aligned, skewed, nullptr), name);
    check::same_bits(skewed.host(), expected, check::at(name, n, 2, 0) + " to other alignment");
  }
  check::done(kernel(0, nullptr, nullptr, nullptr), std::string(name) + " of nothing");
  check::that(kernel(-1, nullptr, nullptr, nullptr) == 1, std::string(name) + " of negative size");
}

template <class T>
void binary(const char* name, CpuBinary<T> cpu, Binary<T> kernel) {
  for (const int64_t n : kSizes) {
    const std::vector<T> a = check::stored<T>(inputs(n));
    std::vector<T> b = check::stored<T>(check::normal(n)), expected(n);
    for (int64_t i = 0; i < n; i += 3) b[i] = a[i];
    cpu(n, a.data(), b.data(), expected.data());
    for (const int64_t skew : {0, 1}) {
      const Device<T> left(a, skew), right(b, skew), to(n, skew);
      check::done(kernel(n, left, right, to, nullptr), name);
      check::same_bits(to.host(), expected, check::at(name, n, skew, 0));
      const Device<T> to_left(a, skew), to_right(b, skew);
      check::done(kernel(n, to_left, right, to_left, nullptr), name);
      check::same_bits(to_left.host(), expected, std::string(name) + " in place of the first");
      check::done(kernel(n, left, to_right, to_right, nullptr), name);
      check::same_bits(to_right.host(), expected, std::string(name) + " in place of the second");
    }
    const Device<T> left(a), right(b, 1), to(n);
    check::done(kernel(n, left, right, to, nullptr), name);
    check::same_bits(to.host(), expected, std::string(name) + " of other alignment");
  }
  check::that(kernel(-1, nullptr, nullptr, nullptr, nullptr) == 1, std::string(name) + " of negative size");
}

void fill_and_scale_add() {
  for (const int64_t n : kSizes) {
    for (const int64_t skew : {0, 1}) {
      const DeviceFloats y(n, skew);
      check::done(eider_cuda_fill_f32(n, 2.5f, y, nullptr), "fill");
      check::same_bits(y.host(), Floats(n, 2.5f), check::at("fill", n, skew, 0));
      const DeviceBits narrow(n, skew);
      check::done(eider_cuda_fill_bf16(n, 0.1f, narrow, nullptr), "fill");
      check::same_bits(narrow.host(), check::Bits(n, check::rounded(0.1f)), check::at("fill of bf16", n, skew, 0));

      const Floats x = check::normal(n), b = check::normal(n), a = {-1.25f};
      Floats expected(n);
      eider_scale_add_f32(n, a.data(), x.data(), b.data(), expected.data());
      const DeviceFloats factor(a), from(x, skew), other(b, skew), out(n, skew);
      check::done(eider_cuda_scale_add_f32(n, factor, from, other, out, nullptr), "scale_add");
      check::same_bits(out.host(), expected, check::at("scale_add", n, skew, 0));
      check::done(eider_cuda_scale_add_f32(n, factor, from, other, other, nullptr), "scale_add");
      check::same_bits(other.host(), expected, check::at("scale_add in place", n, skew, 0));
    }
  }
  const DeviceFloats one(Floats{3});
  check::done(eider_cuda_scale_add_f32(1, one, one, one, one, nullptr), "scale_add");
  check::same_bits(one.host(), {12}, "scale_add in place of its factor");
  check::that(eider_cuda_fill_f32(-1, 0, nullptr, nullptr) == 1, "fill of negative size");
  check::that(eider_cuda_fill_bf16(-1, 0, nullptr, nullptr) == 1, "fill of bf16 of negative size");
  check::that(eider_cuda_fill_f32(int64_t(1) << 44, 0, nullptr, nullptr) == cudaErrorInvalidConfiguration, "too large");
  check::that(eider_cuda_scale_add_f32(-1, nullptr, nullptr, nullptr, nullptr, nullptr) == 1, "negative size");
}

}  // namespace

int main() {
  unary("negate", eider_negate_f32, eider_cuda_negate_f32);
  unary("exp", eider_exp_f32, eider_cuda_exp_f32);
  unary("log", eider_log_f32, eider_cuda_log_f32);
  unary("sqrt", eider_sqrt_f32, eider_cuda_sqrt_f32);
  unary("relu", eider_relu_f32, eider_cuda_relu_f32);
  unary("positive", eider_positive_f32, eider_cuda_positive_f32);
  binary<float>("add", eider_add_f32, eider_cuda_add_f32);
  binary<uint16_t>("add of bf16", eider_add_bf16, eider_cuda_add_bf16);
  binary<float>("subtract", eider_subtract_f32, eider_cuda_subtract_f32);
  binary<float>("multiply", eider_multiply_f32, eider_cuda_multiply_f32);
  binary<float>("divide", eider_divide_f32, eider_cuda_divide_f32);
  binary<float>("equal", eider_equal_f32, eider_cuda_equal_f32);
  fill_and_scale_add();
  return check::report();
}
