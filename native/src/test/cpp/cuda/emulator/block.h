// One thread block: its threads take turns, each running until it waits at a barrier or for its warp.
//
// Strict where the hardware is lenient: a barrier or a warp operation that not all its threads reach, lanes that
// disagree on their mask and a shuffle from a lane that takes no part are faults, which name the block and the thread.
// Shared arrays come from the heap, one each, so that AddressSanitizer guards their ends, and start as NaN.
#ifndef EIDER_EMULATOR_BLOCK_H
#define EIDER_EMULATOR_BLOCK_H

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "cuda/emulator/fiber.h"

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

inline thread_local dim3 threadIdx, blockIdx, blockDim, gridDim;

namespace emulator {

constexpr int kWarp = 32;

struct Fault : std::runtime_error {
  using runtime_error::runtime_error;
};

// What happens before all blocks of a launch, and after them.
inline thread_local char launch_begin, launch_end;

class Block {
 public:
  static inline thread_local Block* current = nullptr;

  explicit Block(size_t dynamic_shared_bytes) : dynamic_(dynamic_shared_bytes) {}

  // Calls body once for every thread. Throws a Fault; the threads then stay where they are until stopped.
  template <class Body>
  void run(const Body& body) {
    current = this;
    call_ = [](const void* b) { (*static_cast<const Body*>(b))(); };
    body_ = &body;
    const int size = int(blockDim.x * blockDim.y * blockDim.z);
    threads_.resize(size);
    for (int i = 0; i < size; ++i) {
      threads_[i].rank = i;
      threads_[i].index = dim3(i % blockDim.x, i / blockDim.x % blockDim.y, i / (blockDim.x * blockDim.y));
    }
    while (started_ < size) resume(pool().take(&Block::fiber_main));
    for (bool progress = true; progress && finished_ < size;) {
      progress = false;
      for (Thread& thread : threads_) {
        if (thread.state != State::kRunnable) continue;
        progress = true;
        self_ = &thread;
        threadIdx = thread.index;
        resume(std::move(thread.fiber));
      }
    }
    if (finished_ < size) throw Fault(diagnosis());
  }

  // Ends for ever what a fault has left unfinished.
  void stop() {
    for (Thread& thread : threads_) {
      if (thread.fiber != nullptr) thread.fiber->stop();
    }
  }

  void sync_block() {
    const Quiet quiet;
    void* const point = barrier_.point();
    release(point);
    self_->state = State::kAtBarrier;
    if (++at_barrier_ == int(threads_.size())) {
      at_barrier_ = 0;
      ++barrier_.done;
      for (Thread& thread : threads_) thread.state = State::kRunnable;
    }
    wait();
    acquire(point);
  }

  // __syncwarp: orders the memory of the lanes of mask.
  void sync_warp(unsigned mask) {
    const Quiet quiet;
    Meeting& meeting = warp_syncs_[{self_->rank / kWarp, mask}];
    void* const point = meeting.point();
    release(point);
    if (meet(mask, lane_index())) {
      ++meeting.done;
    } else {
      wait();
    }
    acquire(point);
  }

  // What the lane `source` hands over; orders no memory, like the hardware's.
  template <class T>
  T shuffle(unsigned mask, T value, int source) {
    static_assert(sizeof(T) <= sizeof(uint64_t));
    const Quiet quiet;
    __builtin_memcpy(&self_->given, &value, sizeof(T));
    if (!meet(mask, source)) wait();
    T result;
    __builtin_memcpy(&result, &self_->taken, sizeof(T));
    return result;
  }

  // One array per declaration and block.
  template <class T>
  T* shared(const char* file, int line, size_t count) {
    const Quiet quiet;
    auto& array = arrays_[{file, line, count * sizeof(T)}];
    if (array == nullptr) array = poisoned(count * sizeof(T));
    return reinterpret_cast<T*>(array.get());
  }

  // The launch's dynamic shared memory.
  template <class T>
  T* dynamic_shared() {
    const Quiet quiet;
    if (dynamic_array_ == nullptr) dynamic_array_ = poisoned(dynamic_);
    return reinterpret_cast<T*>(dynamic_array_.get());
  }

  int lane_index() const { return self_->rank % kWarp; }

  [[noreturn]] void fail(const std::string& what) {
    const Quiet quiet;
    fault_ = what + ", " + place(*self_);
    for (;;) wait();
  }

  static FiberPool& pool() {
    static thread_local FiberPool the;
    return the;
  }

 private:
  enum class State { kNew, kRunnable, kAtBarrier, kAtWarp, kFinished };

  struct Thread {
    State state = State::kNew;
    dim3 index;
    int rank = 0;
    unsigned mask = 0;              // of the warp operation it waits in
    int source = 0;                 // the lane it takes from
    uint64_t given = 0, taken = 0;  // what a shuffle moves
    std::unique_ptr<Fiber> fiber;   // while it waits
  };

  // Where threads meet again and again. Two points in turn: one thread may come to the next meeting before another has
  // woken from this one, and must not seem to have waited for it.
  struct Meeting {
    int done = 0;
    char points[2];
    void* point() { return &points[done % 2]; }
  };

  static std::shared_ptr<char[]> poisoned(size_t bytes) {
    std::shared_ptr<char[]> array(new (std::align_val_t(16)) char[bytes],
                                  [](char* p) { operator delete[](p, std::align_val_t(16)); });
    std::memset(array.get(), 0xff, bytes);
    return array;
  }

  // A thread that never waits leaves its stack to the next.
  static void fiber_main() {
    Fiber::entered();
    for (;;) {
      do {
        current->run_next();
      } while (!kThreadSanitizer && current->started_ < int(current->threads_.size()));
      current->running_->leave();
    }
  }

  void run_next() {
    {
      const Quiet quiet;
      self_ = &threads_[started_++];
      self_->state = State::kRunnable;
      threadIdx = self_->index;
    }
    acquire(&launch_begin);
    call_(body_);
    release(&launch_end);
    const Quiet quiet;
    self_->state = State::kFinished;
    ++finished_;
  }

  // By the scheduler: runs the fiber until its thread waits or it has no thread left.
  void resume(std::unique_ptr<Fiber> fiber) {
    running_ = std::move(fiber);
    running_->enter();
    if (!fault_.empty()) throw Fault(fault_);
    if (running_ != nullptr) pool().give(std::move(running_));
  }

  // By a thread: lets others run until it is runnable again.
  void wait() {
    self_->fiber = std::move(running_);
    self_->fiber->leave();
  }

  Thread& lane(int l) { return threads_[self_->rank / kWarp * kWarp + l]; }

  // Whether all lanes of mask are here; if not, the caller waits. The last one hands over what each of them takes.
  bool meet(unsigned mask, int source) {
    const int lanes = std::min(kWarp, int(threads_.size()) - self_->rank / kWarp * kWarp);
    const auto takes_part = [=](int l) { return l >= 0 && l < lanes && (mask >> l & 1) != 0; };
    if (!takes_part(lane_index())) fail("a lane outside its own mask");
    if (!takes_part(source)) fail("a shuffle from lane " + std::to_string(source) + ", which takes no part in it");
    self_->state = State::kAtWarp;
    self_->mask = mask;
    self_->source = source;
    for (int l = 0; l < lanes; ++l) {
      if (!takes_part(l)) continue;
      if (lane(l).state != State::kAtWarp) return false;
      if (lane(l).mask != mask) fail("lanes of one warp operation that disagree on its mask");
    }
    for (int l = 0; l < lanes; ++l) {
      if (!takes_part(l)) continue;
      lane(l).taken = lane(lane(l).source).given;
      lane(l).state = State::kRunnable;
    }
    return true;
  }

  static std::string text(const dim3& d) {
    return "(" + std::to_string(d.x) + "," + std::to_string(d.y) + "," + std::to_string(d.z) + ")";
  }
  static std::string place(const Thread& thread) { return "block " + text(blockIdx) + " thread " + text(thread.index); }
  std::string diagnosis() const {
    for (const Thread& thread : threads_) {
      if (thread.state == State::kAtWarp) return "not all lanes reach a warp operation, " + place(thread);
    }
    for (const Thread& thread : threads_) {
      if (thread.state == State::kAtBarrier) return "not all threads reach __syncthreads, " + place(thread);
    }
    return "deadlock";
  }

  std::vector<Thread> threads_;
  std::map<std::tuple<const char*, int, size_t>, std::shared_ptr<char[]>> arrays_;
  std::shared_ptr<char[]> dynamic_array_;
  const size_t dynamic_;
  Meeting barrier_;
  std::map<std::pair<int, unsigned>, Meeting> warp_syncs_;  // by warp and mask
  int started_ = 0, finished_ = 0, at_barrier_ = 0;
  Thread* self_ = nullptr;
  std::unique_ptr<Fiber> running_;  // null once its thread waits
  std::string fault_;
  void (*call_)(const void*) = nullptr;
  const void* body_ = nullptr;
};

}  // namespace emulator

#endif
