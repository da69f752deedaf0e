// cuDNN's objects, which its libraries share, and what goes with every call. They live in libcudnn_graph.
#ifndef EIDER_STANDIN_CUDNN_OBJECTS_H
#define EIDER_STANDIN_CUDNN_OBJECTS_H

#include <array>

#include "standin/call.h"
#include "standin/cudnn.h"

namespace standin {

struct DnnHandle {
  cudaStream_t stream = nullptr;
};

// Extents and strides in the order n, c, h, w, whatever the layout; a filter's are k, c, r, s.
struct Tensor {
  bool set = false;
  int type = CUDNN_DATA_FLOAT;
  std::array<int64_t, 4> extent{}, stride{};

  // From the first element to behind the last.
  size_t bytes() const;
  bool channels_last() const;
  bool channels_first() const;
};

struct Filter : Tensor {
  int format = CUDNN_TENSOR_NCHW;
};

struct Convolution {
  bool set = false;
  std::array<int64_t, 2> pad{}, stride{}, dilation{};
  int mode = CUDNN_CROSS_CORRELATION, type = CUDNN_DATA_FLOAT, math_type = CUDNN_DEFAULT_MATH, groups = 1;
};

// Dense strides of a layout.
std::array<int64_t, 4> strides_of(int format, const std::array<int64_t, 4>& extent);

// The current device's; descriptors serve every device.
Objects<DnnHandle, cudnnHandle_t>& dnn_handles();
Objects<Tensor, cudnnTensorDescriptor_t>& tensors();
Objects<Filter, cudnnFilterDescriptor_t>& filters();
Objects<Convolution, cudnnConvolutionDescriptor_t>& convolutions();

// Leaves a text for cudnnGetLastErrorString, and is the status.
int dnn_refusal(int status, const std::string& why);
inline int bad_parameter(const std::string& why) { return dnn_refusal(CUDNN_STATUS_BAD_PARAM, why); }
inline int not_supported(const std::string& why) { return dnn_refusal(CUDNN_STATUS_NOT_SUPPORTED, why); }
inline int dnn_status_of(int cuda_error) {
  return cuda_error == cudaSuccess ? CUDNN_STATUS_SUCCESS
                                   : dnn_refusal(CUDNN_STATUS_EXECUTION_FAILED, cudaGetErrorString(cuda_error));
}

template <class Body, class... Arguments>
int dnn_call(const char* name, const Body& body, const Arguments&... arguments) {
  return call({name, CUDNN_STATUS_EXECUTION_FAILED, CUDNN_STATUS_EXECUTION_FAILED}, body, arguments...);
}

template <class T, class Handle>
int dnn_create(const char* name, Objects<T, Handle>& objects, Handle* handle) {
  return call(
      {name, CUDNN_STATUS_ALLOC_FAILED, CUDNN_STATUS_EXECUTION_FAILED},
      [&](Device&) -> int {
        if (handle == nullptr) return bad_parameter("no place for the descriptor");
        objects.create(handle);
        return CUDNN_STATUS_SUCCESS;
      },
      out(handle));
}

template <class T, class Handle>
int dnn_destroy(const char* name, Objects<T, Handle>& objects, Handle handle) {
  return call(
      {name, CUDNN_STATUS_EXECUTION_FAILED, CUDNN_STATUS_EXECUTION_FAILED, true},
      [&](Device&) -> int {
        return objects.destroy(handle) ? CUDNN_STATUS_SUCCESS : bad_parameter("no such descriptor");
      },
      handle);
}

}  // namespace standin

#endif
