// What was built, what this machine runs, and with how many threads.
#include <omp.h>

#include "abi.h"
#include "cpu/clones.h"

namespace {

#define EIDER_TEXT_OF(x) #x
#define EIDER_TEXT(x) EIDER_TEXT_OF(x)

// Zero until set: then OpenMP's own default holds (all cores, or OMP_NUM_THREADS). Of each thread, as that is: what one
// that runs another device chooses must not outgrow a workspace here.
thread_local int chosen_threads = 0;

}  // namespace

const char* eider_build_info(void) {
  return "g++ " __VERSION__ ", OpenMP " EIDER_TEXT(_OPENMP) ", "
#if EIDER_HAS_CLONES
         "clones avx512 avx2 baseline"
#else
         "no clones"
#endif
#ifdef __OPTIMIZE__
         ", optimised";
#else
         ", not optimised";
#endif
}

const char* eider_instruction_set(void) {
#if EIDER_HAS_CLONES
  // The same questions, in the same order, as the resolvers that the compiler makes for EIDER_CLONES.
  if (__builtin_cpu_supports("x86-64-v4")) return "avx512";
  if (__builtin_cpu_supports("x86-64-v3")) return "avx2";
#endif
  return "baseline";
}

int eider_fast_bf16_vectors(void) { return __builtin_cpu_is("amd") && __builtin_cpu_supports("avx512bf16") ? 1 : 0; }

int eider_set_threads(int threads) {
  if (threads < 1) return 1;
  chosen_threads = threads;
  omp_set_num_threads(threads);
  return 0;
}

int eider_threads(void) {
  const int chosen = chosen_threads;
  return chosen > 0 ? chosen : omp_get_max_threads();
}
