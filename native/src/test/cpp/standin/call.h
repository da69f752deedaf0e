// What goes with every call of a public function: the devices' lock, the books, an order to fail, a lost device, the
// log.
#ifndef EIDER_STANDIN_CALL_H
#define EIDER_STANDIN_CALL_H

#include <sstream>

#include "standin/device.h"

namespace standin {

struct Function {
  const char* name;
  int failure;  // its status when it is made to fail
  int lost;     // and when the device is lost, or 0 for the fault itself
  // A clean-up is done even where it fails: nobody could try again.
  bool cleans_up = false;
  // Whether it is no matter that the current device is lost.
  bool for_any_device = false;
};

// An output argument, written in the log as what it points to.
template <class T>
struct Out {
  const T* value;
};
template <class T>
Out<T> out(const T* value) {
  return {value};
}
template <class T>
std::ostream& operator<<(std::ostream& stream, const Out<T>& out) {
  return out.value == nullptr ? stream << "null" : stream << *out.value;
}

template <class... Arguments>
std::string written(const char* name, int status, const Arguments&... arguments) {
  std::ostringstream line;
  line << name;
  ((line << ' ' << arguments), ...);
  line << " = " << status;
  return line.str();
}

template <class Body, class... Arguments>
int call(const Function& function, const Body& body, const Arguments&... arguments) {
  const std::lock_guard<std::mutex> lock(Device::mutex());
  Device& device = Device::current();
  int status = int(count_call(function.name, function.failure));
  if (status != 0 && word(kLoss) != 0) Device::drop_all_work();
  if (status == 0 && device.fault() != 0 && !function.for_any_device)
    status = function.lost != 0 ? function.lost : device.fault();
  if (status == 0 || function.cleans_up) {
    const int own = body(device);
    if (status == 0) status = own;
  }
  device.pinned.settle();
  if (logging()) log(written(function.name, status, arguments...));
  return status;
}

// Counted calls whose work is done by a kernel: queued like one.
int submit_kernel(Device& device, cudaStream_t stream, std::function<int()> run);

}  // namespace standin

#endif
