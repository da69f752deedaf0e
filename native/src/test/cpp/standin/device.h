// The devices: their memory, and work that waits in streams until something synchronises.
//
// Each has everything for itself, pinned memory and libraries' handles too, and only while it is its thread's current
// device may anything of it be used: who mixes devices up is told so, also where CUDA would bear it.
//
// Work runs on the thread that waits for it, and only what must have run by then: what another stream holds stays
// pending, so a missing synchronisation shows. Everything here is called with the devices' lock held (call.h).
#ifndef EIDER_STANDIN_DEVICE_H
#define EIDER_STANDIN_DEVICE_H

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "standin/cudart.h"
#include "standin/device_memory.h"
#include "standin/objects.h"
#include "standin/pinned_memory.h"

namespace standin {

struct Work {
  std::function<int()> run;  // returns a CUDA error
  // The pinned memory that it reads or writes.
  const void* host = nullptr;
  size_t host_bytes = 0;
  Access access = Access::kRead;
};
using SharedWork = std::shared_ptr<const Work>;

struct Capture {
  int mode;
  std::thread::id owner;
  bool valid = true;
  std::vector<SharedWork> work;
};

struct Stream {
  // Whether it waits for the legacy stream, and the legacy stream for it.
  bool blocking = true;
  std::optional<Capture> capture;
};

constexpr int kDevices = 2;

class Device {
 public:
  // The calling thread's: at first the one numbered 0.
  static Device& current();
  static int current_number();
  // False where there is no such device.
  static bool make_current(int number);
  static std::mutex& mutex();
  // Whether an address is of any device's memory.
  static bool any_owns(const void* address);
  // The same for memory that is pinned for one.
  static bool any_pins(const void* address);
  // With the devices all queued work is lost.
  static void drop_all_work();

  Device();
  Device(const Device&) = delete;

  DeviceMemory memory;
  PinnedMemory pinned;
  Objects<Stream, cudaStream_t> streams;
  Stream legacy;

  // What every call returns after work has failed, or by order: the device is lost.
  int fault() const { return fault_ != 0 || word(kCountdown) != 0 ? fault_ : int(word(kLoss)); }
  // Null for a handle that is no stream's, or another device's.
  Stream* stream(cudaStream_t handle);

  // Queues work, or records it where the stream is being captured.
  int submit(Stream& stream, Work work) { return submit(stream, std::make_shared<const Work>(std::move(work))); }
  int submit(Stream& stream, SharedWork work);

  // Runs what was queued before a ticket, and whatever that has to wait for.
  uint64_t ticket() const { return next_ticket_; }
  int wait(Stream& stream, uint64_t before);
  int wait(Stream& stream) { return wait(stream, next_ticket_); }
  int wait_for_all();
  // Runs the oldest work of a stream; whether there was any.
  bool advance(Stream& stream);
  bool pending(const Stream& stream, uint64_t before) const;

  // 0, or why a call that captures do not allow is refused; they are invalid from then on.
  int unsafe();
  // The same for waiting, directly or not, for what is being captured.
  int refuse_captures();

 private:
  struct Queued {
    Stream* stream;
    SharedWork work;
    uint64_t ticket;
  };
  std::deque<Queued> queue_;
  uint64_t next_ticket_ = 0;
  int fault_ = 0;

  void drop_work();
  template <class Do>
  void for_each_capture(const Do& act);
  template <class Needed>
  int run(const Needed& needed);
  void let_go(const Work& work);
};

// Something that every device has for itself.
template <class T>
class OfEachDevice {
 public:
  T& current() { return each_[size_t(Device::current_number())]; }

 private:
  std::array<T, kDevices> each_;
};

}  // namespace standin

#endif
