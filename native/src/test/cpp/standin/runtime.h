// What the files of the runtime interface share: the error that a thread's last failed call left.
#ifndef EIDER_STANDIN_RUNTIME_H
#define EIDER_STANDIN_RUNTIME_H

#include "standin/call.h"

namespace standin {

inline thread_local int last_error = cudaSuccess;

inline int remembered(int status) {
  if (status != cudaSuccess && status != cudaErrorNotReady) last_error = status;
  return status;
}

template <class Body, class... Arguments>
int runtime_call(const char* name, const Body& body, const Arguments&... arguments) {
  return remembered(call({name, cudaErrorUnknown, 0}, body, arguments...));
}

template <class Body, class... Arguments>
int runtime_allocation(const char* name, const Body& body, const Arguments&... arguments) {
  return remembered(call({name, cudaErrorMemoryAllocation, 0}, body, arguments...));
}

template <class Body, class... Arguments>
int runtime_clean_up(const char* name, const Body& body, const Arguments&... arguments) {
  return remembered(call({name, cudaErrorUnknown, 0, true}, body, arguments...));
}

}  // namespace standin

#endif
