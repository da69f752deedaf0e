// What the sanitizers must be told about code that changes stacks, and nothing where there is none.
//
// ThreadSanitizer sees every CUDA thread as a fiber of its own. Changing fibers orders nothing (the flag 1), so only
// what the emulator says with acquire and release does: __syncthreads, __syncwarp and the two ends of a launch. A
// verdict then depends on what the kernel orders, not on how the emulator happens to schedule, and one OS thread is
// enough. The emulator's own bookkeeping is no race and is hidden by Quiet.
#ifndef EIDER_EMULATOR_SANITIZERS_H
#define EIDER_EMULATOR_SANITIZERS_H

#include <cstddef>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#elif defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace emulator {

#if defined(__SANITIZE_THREAD__)

constexpr bool kThreadSanitizer = true;

struct Quiet {
  Quiet() {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~Quiet() {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
};

inline void acquire(void* point) { __tsan_acquire(point); }
inline void release(void* point) { __tsan_release(point); }

#else

constexpr bool kThreadSanitizer = false;

struct Quiet {
  Quiet() {}
  ~Quiet() {}
};

inline void acquire(void*) {}
inline void release(void*) {}

#endif

}  // namespace emulator

#endif
