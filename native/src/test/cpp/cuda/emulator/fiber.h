// A stack that can be left and come back to: how many CUDA threads take turns on one OS thread.
#ifndef EIDER_EMULATOR_FIBER_H
#define EIDER_EMULATOR_FIBER_H

#include <ucontext.h>

#include <memory>
#include <vector>

#include "cuda/emulator/sanitizers.h"

namespace emulator {

// Where a stack was left, to be come back to. (swapcontext asks the kernel for the mask of signals at every change,
// which took ten times as long as the kernels.)
struct Point {
  void* words[5];
};

// Sanitizers would take a stack that is left for one that is unwound.
#define EIDER_UNSEEN __attribute__((noinline, no_sanitize("address,thread,undefined")))

// Apart from change: a function that jumps cannot be come back to.
EIDER_UNSEEN inline void go(Point& to) { __builtin_longjmp(to.words, 1); }

// Leaves the current stack for another, and for one that is fresh.
EIDER_UNSEEN inline void change(Point& from, Point& to) {
  if (__builtin_setjmp(from.words) == 0) go(to);
}
EIDER_UNSEEN inline void begin(Point& from, const ucontext_t& fresh) {
  if (__builtin_setjmp(from.words) == 0) setcontext(&fresh);
}

// There is one scheduler, on the OS thread's own stack, and any number of fibers; control goes from one to the other
// and back, never between fibers. A fiber's function never returns: where it has nothing to do it leaves.
class Fiber {
 public:
  explicit Fiber(void (*function)()) : stack_(new char[kStackBytes]) {
    getcontext(&fresh_);
    fresh_.uc_stack.ss_sp = stack_.get();
    fresh_.uc_stack.ss_size = kStackBytes;
    fresh_.uc_link = nullptr;
    makecontext(&fresh_, function, 0);
#if defined(__SANITIZE_THREAD__)
    tsan_ = __tsan_create_fiber(0);
#endif
  }
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // By the scheduler: runs the fiber until it leaves.
  void enter() {
#if defined(__SANITIZE_THREAD__)
    scheduler().tsan = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(tsan_, 1);
#elif defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&scheduler().fake_stack, stack_.get(), kStackBytes);
#endif
    if (begun_) {
      change(scheduler().left, left_);
    } else {
      begun_ = true;
      begin(scheduler().left, fresh_);
    }
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(scheduler().fake_stack, nullptr, nullptr);
#endif
  }

  // First thing on a fresh stack.
  static void entered() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(nullptr, &scheduler().stack, &scheduler().stack_bytes);
#endif
  }

  // By the fiber: back to the scheduler, until it enters again.
  void leave() {
#if defined(__SANITIZE_THREAD__)
    __tsan_switch_to_fiber(scheduler().tsan, 1);
#elif defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&fake_stack_, scheduler().stack, scheduler().stack_bytes);
#endif
    change(left_, scheduler().left);
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake_stack_, nullptr, nullptr);
#endif
  }

  // By the scheduler, of a fiber that it will not enter again: what it did comes before what follows.
  void stop() {
#if defined(__SANITIZE_THREAD__)
    void* const here = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(tsan_, 1);
    __tsan_switch_to_fiber(here, 0);
#endif
  }

 private:
  static constexpr size_t kStackBytes = 128 << 10;

  struct Scheduler {
    Point left{};
    void* tsan = nullptr;
    void* fake_stack = nullptr;
    const void* stack = nullptr;
    size_t stack_bytes = 0;
  };
  static Scheduler& scheduler() {
    static thread_local Scheduler the;
    return the;
  }

  std::unique_ptr<char[]> stack_;
  ucontext_t fresh_;
  bool begun_ = false;
  Point left_{};
  [[maybe_unused]] void* tsan_ = nullptr;
  [[maybe_unused]] void* fake_stack_ = nullptr;
};

// Fibers with nothing to do.
//
// To ThreadSanitizer a fiber is a thread: two CUDA threads on one would be ordered, and their races hidden. So under it
// a fiber serves one CUDA thread a launch, and waits for the next launch, which is ordered after this one anyway. (To
// destroy fibers is no way out: their numbers come back, and hide races as well.) It knows about 8000 threads: larger
// launches end the program, and 2000 are fast.
class FiberPool {
 public:
  std::unique_ptr<Fiber> take(void (*function)()) {
    if (idle_.empty()) return std::make_unique<Fiber>(function);
    std::unique_ptr<Fiber> fiber = std::move(idle_.back());
    idle_.pop_back();
    return fiber;
  }

  void give(std::unique_ptr<Fiber> fiber) { (kThreadSanitizer ? spent_ : idle_).push_back(std::move(fiber)); }

  void launch_ended() {
    for (std::unique_ptr<Fiber>& fiber : spent_) idle_.push_back(std::move(fiber));
    spent_.clear();
  }

 private:
  std::vector<std::unique_ptr<Fiber>> idle_, spent_;
};

}  // namespace emulator

#endif
