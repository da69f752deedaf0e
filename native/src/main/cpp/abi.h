// The flat C ABI of Eider's kernels, and the only header that Java binds.
// Every function that can fail returns 0 or an error code.
#pragma once

#include <stdint.h>

#define EIDER_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

// Allocates `bytes` bytes aligned to 64; null when there is no memory.
EIDER_API void* eider_allocate(int64_t bytes);

// Frees what eider_allocate returned; null is allowed.
EIDER_API void eider_free(void* memory);

// Compiler and instruction set of this build, a string that is never freed.
EIDER_API const char* eider_build_info(void);

// Number of threads the kernels use from now on, at least 1.
EIDER_API int eider_set_threads(int threads);

#ifdef __cplusplus
}
#endif
