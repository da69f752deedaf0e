// What a step assigns to variables, one launch: every new value is copied over the old one, unless a status word says
// that some example could not be computed with. A step is then undone by never having been done, and the host need not
// be asked between its computation and its effects, so that both are one CUDA graph.
//
// Fuses hundreds of copies of a few kilobytes. Bytes: 8 an element; each block reads the status words, a cache line.
//
// Limits: those of tables.h. x and out must not overlap.
#include "cuda/tables.h"
#include "cuda_abi.h"

namespace {

using namespace eider::cuda;

__global__ void __launch_bounds__(kTableThreads)
    commit(int tensors, const EiderCudaCopyEntry* table, int words, const uint64_t* status) {
  for (int i = 0; i < words; ++i) {
    if (status[i] != 0) return;
  }
  const EiderCudaCopyEntry e = entry_of(tensors, table, blockIdx.x);
  each_element(e, [=](int64_t i) { e.out[i] = e.x[i]; });
}

}  // namespace

int64_t eider_cuda_copy_chunks(int tensors, EiderCudaCopyEntry* table) { return number_chunks(tensors, table); }

int eider_cuda_commit_f32(int tensors, int64_t chunks, const EiderCudaCopyEntry* table, int words,
                          const uint64_t* status, void* stream) {
  if (!possible(tensors, chunks) || words < 0) return cudaErrorInvalidValue;
  if (chunks == 0) return cudaSuccess;
  return launch(commit, {grid_of(chunks), dim3(kTableThreads)}, stream, tensors, table, words, status);
}
