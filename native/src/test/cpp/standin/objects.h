// The live objects of one kind, behind handles that are never used twice and never are addresses: a stale handle, or
// one of another kind, is found out. Guarded by the devices' lock.
#ifndef EIDER_STANDIN_OBJECTS_H
#define EIDER_STANDIN_OBJECTS_H

#include <cstdint>
#include <map>
#include <memory>

#include "standin/control.h"

namespace standin {

uint64_t new_handle();

template <class T, class Handle>
class Objects {
 public:
  T& create(Handle* handle) {
    *handle = reinterpret_cast<Handle>(new_handle());
    ++word(kObjects);
    return *(objects_[*handle] = std::make_unique<T>());
  }

  // Null unless it is alive.
  T* find(Handle handle) const {
    const auto found = objects_.find(handle);
    return found == objects_.end() ? nullptr : found->second.get();
  }

  bool destroy(Handle handle) {
    if (objects_.erase(handle) == 0) return false;
    --word(kObjects);
    return true;
  }

  template <class Do>
  void for_each(const Do& act) const {
    for (const auto& [handle, object] : objects_) act(*object);
  }

 private:
  std::map<Handle, std::unique_ptr<T>> objects_;
};

}  // namespace standin

#endif
