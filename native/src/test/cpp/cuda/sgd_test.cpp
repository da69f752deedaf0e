// SGD and the look-ahead over many tensors in the emulator: the bits of the CPU's kernels, tensor by tensor.
#include <memory>

#include "cuda/harness.h"

namespace {

using check::Device;
using check::DeviceFloats;
using check::Floats;

const std::vector<std::vector<int64_t>> kNetworks = {
    {1}, {4096}, {4097}, {2, 7, 31}, {0, 5}, {5, 0}, {100, 0, 4095, 0, 0, 4096, 33, 4098, 1}, {}, {0}};

struct Network {
  std::vector<Floats> a, b, c;

  explicit Network(const std::vector<int64_t>& sizes) {
    for (const int64_t n : sizes) {
      a.push_back(check::normal(n));
      b.push_back(check::normal(n));
      c.push_back(check::normal(n));
    }
  }
  int size() const { return int(a.size()); }
};

std::vector<std::unique_ptr<DeviceFloats>> on_device(const std::vector<Floats>& arrays) {
  std::vector<std::unique_ptr<DeviceFloats>> result;
  for (const Floats& array : arrays) result.push_back(std::make_unique<DeviceFloats>(array));
  return result;
}

void sgd(const std::vector<int64_t>& sizes, bool nesterov, bool in_place) {
  const Network net(sizes);
  const float lr = 0.1f, momentum = 0.9f, decay = 5e-4f;
  const auto p = on_device(net.a), m = on_device(net.b), g = on_device(net.c);
  const auto other_p = on_device(net.c), other_m = on_device(net.c);
  const auto& p_next = in_place ? p : other_p;
  const auto& m_next = in_place ? m : other_m;
  std::vector<EiderCudaSgdEntry> table;
  for (int t = 0; t < net.size(); ++t) {
    table.push_back({*p[t], *m[t], *g[t], *p_next[t], *m_next[t], sizes[t], -1});
  }
  const int64_t chunks = eider_cuda_sgd_chunks(net.size(), table.data());
  const Device<EiderCudaSgdEntry> at_table(table);
  const DeviceFloats rate(Floats{lr});
  check::done(eider_cuda_sgd_all_f32(net.size(), chunks, at_table, rate, momentum, decay, nesterov, nullptr), "sgd");
  for (int t = 0; t < net.size(); ++t) {
    Floats next_p(sizes[t]), next_m(sizes[t]);
    eider_sgd_f32(sizes[t], &lr, momentum, decay, nesterov, net.a[t].data(), net.b[t].data(), net.c[t].data(),
                  next_p.data(), next_m.data());
    check::same_bits(p_next[t]->host(), next_p, check::at("sgd parameter", t, sizes[t], nesterov));
    check::same_bits(m_next[t]->host(), next_m, check::at("sgd momentum", t, sizes[t], nesterov));
  }
}

void look_ahead(const std::vector<int64_t>& sizes) {
  const Network net(sizes);
  const auto x = on_device(net.a), y = on_device(net.b), out = on_device(net.c);
  std::vector<EiderCudaScaleAddEntry> table;
  for (int t = 0; t < net.size(); ++t) table.push_back({*x[t], *y[t], *out[t], sizes[t], -1});
  const int64_t chunks = eider_cuda_scale_add_chunks(net.size(), table.data());
  const Device<EiderCudaScaleAddEntry> at_table(table);
  const DeviceFloats factor(Floats{-0.1f});
  check::done(eider_cuda_scale_add_all_f32(net.size(), chunks, at_table, factor, nullptr), "scale_add_all");
  for (int t = 0; t < net.size(); ++t) {
    Floats expected(sizes[t]);
    eider_scale_add_f32(sizes[t], factor, net.a[t].data(), net.b[t].data(), expected.data());
    check::same_bits(out[t]->host(), expected, check::at("look-ahead", t, sizes[t], 0));
  }
}

}  // namespace

int main() {
  for (const std::vector<int64_t>& sizes : kNetworks) {
    for (const bool nesterov : {false, true}) {
      for (const bool in_place : {false, true}) sgd(sizes, nesterov, in_place);
    }
    look_ahead(sizes);
  }
  EiderCudaSgdEntry negative{};
  negative.n = -1;
  check::that(eider_cuda_sgd_chunks(1, &negative) == -1, "negative size");
  check::that(eider_cuda_sgd_all_f32(1, -1, nullptr, nullptr, 0, 0, 0, nullptr) == 1, "negative chunks");
  check::that(eider_cuda_scale_add_all_f32(1, -1, nullptr, nullptr, nullptr) == 1, "negative chunks");
  return check::report();
}
