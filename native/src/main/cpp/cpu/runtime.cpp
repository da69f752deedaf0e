#include <omp.h>

#include "abi.h"

const char* eider_build_info(void) { return "g++ " __VERSION__ ", x86-64"; }

int eider_set_threads(int threads) {
  if (threads < 1) return 1;
  omp_set_num_threads(threads);
  return 0;
}
