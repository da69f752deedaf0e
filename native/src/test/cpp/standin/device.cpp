#include "standin/device.h"

#include <cstdlib>

namespace standin {

namespace {

constexpr size_t kDefaultCapacity = size_t(4) << 30;

size_t capacity() {
  const char* bytes = std::getenv("EIDER_STANDIN_MEMORY");
  return bytes == nullptr ? kDefaultCapacity : std::strtoull(bytes, nullptr, 10);
}

// Never destroyed: threads may still call when the process ends.
std::array<Device, kDevices>& devices() {
  static auto& all = *new std::array<Device, kDevices>;
  return all;
}

thread_local int current_device = 0;

}  // namespace

// Not an address, so that whoever follows a handle crashes.
uint64_t new_handle() {
  static uint64_t last = 0x5eed000000000000;
  return last += 16;
}

Device& Device::current() { return devices()[size_t(current_device)]; }
int Device::current_number() { return current_device; }

bool Device::make_current(int number) {
  if (number < 0 || number >= kDevices) return false;
  current_device = number;
  return true;
}

std::mutex& Device::mutex() {
  static auto& the = *new std::mutex;
  return the;
}

bool Device::any_owns(const void* address) {
  for (const Device& device : devices()) {
    if (device.memory.owns(address)) return true;
  }
  return false;
}

bool Device::any_pins(const void* address) {
  for (const Device& device : devices()) {
    if (device.pinned.holds(address, 0)) return true;
  }
  return false;
}

void Device::drop_all_work() {
  for (Device& device : devices()) device.drop_work();
}

Device::Device() : memory(capacity()) {}

Stream* Device::stream(cudaStream_t handle) {
  const auto kLegacyHandle = reinterpret_cast<cudaStream_t>(1);
  return handle == nullptr || handle == kLegacyHandle ? &legacy : streams.find(handle);
}

int Device::submit(Stream& stream, SharedWork work) {
  if (stream.capture) {
    if (!stream.capture->valid) return cudaErrorStreamCaptureInvalidated;
    stream.capture->work.push_back(std::move(work));
    return cudaSuccess;
  }
  if (&stream == &legacy) {
    bool implicit = false;
    streams.for_each([&](Stream& other) {
      if (!other.capture || !other.blocking) return;
      other.capture->valid = false;
      implicit = true;
    });
    if (implicit) return cudaErrorStreamCaptureImplicit;
  }
  if (work->host != nullptr) pinned.hold(work->host, work->host_bytes, work->access);
  queue_.push_back({&stream, std::move(work), next_ticket_++});
  return cudaSuccess;
}

// Runs the queued work that is needed, in order.
template <class Needed>
int Device::run(const Needed& needed) {
  std::deque<Queued> now, later;
  for (Queued& item : queue_) (needed(item) ? now : later).push_back(std::move(item));
  queue_ = std::move(later);
  if (now.empty()) return fault_;
  memory.open();
  pinned.open();
  for (const Queued& item : now) {
    if (fault_ == 0) fault_ = item.work->run();
    let_go(*item.work);
  }
  if (fault_ == 0 && !memory.intact()) fault_ = cudaErrorIllegalAddress;
  if (fault_ != 0) drop_work();
  pinned.settle();
  memory.close();
  return fault_;
}

void Device::drop_work() {
  for (const Queued& item : queue_) let_go(*item.work);
  queue_.clear();
}

void Device::let_go(const Work& work) {
  if (work.host != nullptr) pinned.let_go(work.host, work.host_bytes, work.access);
}

int Device::wait(Stream& stream, uint64_t before) {
  bool legacy_too = false, blocking_too = false;
  const auto take = [&](const Stream& other) {
    legacy_too |= other.blocking;
    blocking_too |= &other == &legacy;
  };
  if (&stream == &legacy && before == next_ticket_) take(legacy);
  std::vector<bool> needed(queue_.size());
  for (size_t i = queue_.size(); i-- > 0;) {
    const Stream& other = *queue_[i].stream;
    needed[i] = (&other == &stream && queue_[i].ticket < before) || (legacy_too && &other == &legacy) ||
                (blocking_too && other.blocking);
    if (needed[i]) take(other);
  }
  size_t i = 0;
  return run([&](const Queued&) { return needed[i++]; });
}

int Device::wait_for_all() {
  return run([](const Queued&) { return true; });
}

bool Device::pending(const Stream& stream, uint64_t before) const {
  for (const Queued& item : queue_) {
    if (item.stream == &stream && item.ticket < before) return true;
  }
  return false;
}

bool Device::advance(Stream& stream) {
  for (const Queued& item : queue_) {
    if (item.stream != &stream) continue;
    wait(stream, item.ticket + 1);
    return true;
  }
  return false;
}

template <class Do>
void Device::for_each_capture(const Do& act) {
  streams.for_each([&](Stream& stream) {
    if (stream.capture) act(*stream.capture);
  });
}

int Device::unsafe() {
  int status = cudaSuccess;
  for_each_capture([&](Capture& capture) {
    if (capture.mode == cudaStreamCaptureModeRelaxed) return;
    if (capture.mode == cudaStreamCaptureModeThreadLocal && capture.owner != std::this_thread::get_id()) return;
    capture.valid = false;
    status = cudaErrorStreamCaptureUnsupported;
  });
  return status;
}

int Device::refuse_captures() {
  int status = cudaSuccess;
  for_each_capture([&](Capture& capture) {
    capture.valid = false;
    status = cudaErrorStreamCaptureUnsupported;
  });
  return status;
}

}  // namespace standin
