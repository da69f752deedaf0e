// The commit of new values in the emulator: all of them, or none.
#include <memory>

#include "cuda/harness.h"

namespace {

using check::Device;
using check::DeviceFloats;
using check::Floats;

void commit(const std::vector<int64_t>& sizes, const std::vector<uint64_t>& status, bool happens) {
  std::vector<Floats> before, after;
  std::vector<std::unique_ptr<DeviceFloats>> x, out;
  std::vector<EiderCudaCopyEntry> table;
  for (const int64_t n : sizes) {
    before.push_back(check::normal(n));
    after.push_back(check::normal(n));
    x.push_back(std::make_unique<DeviceFloats>(after.back()));
    out.push_back(std::make_unique<DeviceFloats>(before.back()));
    table.push_back({*x.back(), *out.back(), n, -1});
  }
  const int tensors = int(sizes.size());
  const int64_t chunks = eider_cuda_copy_chunks(tensors, table.data());
  const Device<EiderCudaCopyEntry> at_table(table);
  const Device<uint64_t> words(status);
  check::done(eider_cuda_commit_f32(tensors, chunks, at_table, int(status.size()), words, nullptr), "commit");
  for (int t = 0; t < tensors; ++t) {
    check::same_bits(out[t]->host(), happens ? after[t] : before[t], check::at("commit", t, sizes[t], happens));
  }
}

}  // namespace

int main() {
  for (const std::vector<int64_t>& sizes : std::vector<std::vector<int64_t>>{
           {1}, {4096}, {4097}, {2, 7, 31}, {0, 5}, {5, 0}, {100, 0, 4095, 0, 4096, 33, 4098}, {}, {0}}) {
    commit(sizes, {}, true);
    commit(sizes, {0}, true);
    commit(sizes, {0, 0, 0}, true);
    commit(sizes, {~uint64_t(0), 0, 0}, false);
    commit(sizes, {0, 0, uint64_t(1) << 63}, false);
  }
  EiderCudaCopyEntry negative{};
  negative.n = -1;
  check::that(eider_cuda_copy_chunks(1, &negative) == -1, "negative size");
  check::that(eider_cuda_commit_f32(1, -1, nullptr, 0, nullptr, nullptr) == 1, "negative chunks");
  check::that(eider_cuda_commit_f32(1, 1, nullptr, -1, nullptr, nullptr) == 1, "negative words");
  return check::report();
}
