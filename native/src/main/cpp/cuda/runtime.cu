// What was built, CUDA's texts, and what a status word says. No kernels.
#include "cuda/device.h"
#include "cuda/labels.h"
#include "cuda_abi.h"

#define EIDER_TEXT_OF(x) #x
#define EIDER_TEXT(x) EIDER_TEXT_OF(x)

const char* eider_cuda_build_info(void) {
#ifdef __CUDACC__
  return "nvcc " EIDER_TEXT(__CUDACC_VER_MAJOR__) "." EIDER_TEXT(__CUDACC_VER_MINOR__) "." EIDER_TEXT(
      __CUDACC_VER_BUILD__) ", " EIDER_CUDA_ARCHITECTURES;
#else
  return "emulated: kernels run on the host, built without nvcc by g++ " __VERSION__;
#endif
}

const char* eider_cuda_error_text(int error) { return cudaGetErrorString(cudaError_t(error)); }

int64_t eider_cuda_status(uint64_t word) { return eider::cuda::status_of(word); }
