// libcudnn_graph: handles, errors, and the objects of all of cuDNN.
#include <algorithm>
#include <cstdio>

#include "standin/cudnn_objects.h"

using namespace standin;

namespace standin {

namespace {

thread_local std::string last_refusal;

// Whether the strides are those of a dense tensor with its axes in this order, outermost first; the stride of an axis
// of extent 1 is no matter.
bool dense(const Tensor& tensor, const std::array<int, 4>& order) {
  int64_t stride = 1;
  for (size_t i = 4; i-- > 0;) {
    const size_t axis = size_t(order[i]);
    if (tensor.extent[axis] != 1 && tensor.stride[axis] != stride) return false;
    stride *= tensor.extent[axis];
  }
  return true;
}

constexpr std::array<int, 4> kChannelsFirst = {0, 1, 2, 3}, kChannelsLast = {0, 2, 3, 1};

}  // namespace

size_t Tensor::bytes() const {
  int64_t last = 0;
  for (size_t i = 0; i < 4; ++i) last += (extent[i] - 1) * stride[i];
  return size_t(last + 1) * (type == CUDNN_DATA_BFLOAT16 ? sizeof(uint16_t) : sizeof(float));
}

bool Tensor::channels_last() const { return dense(*this, kChannelsLast); }
bool Tensor::channels_first() const { return dense(*this, kChannelsFirst); }

std::array<int64_t, 4> strides_of(int format, const std::array<int64_t, 4>& extent) {
  const auto& order = format == CUDNN_TENSOR_NHWC ? kChannelsLast : kChannelsFirst;
  std::array<int64_t, 4> strides;
  int64_t stride = 1;
  for (size_t i = 4; i-- > 0;) {
    strides[size_t(order[i])] = stride;
    stride *= extent[size_t(order[i])];
  }
  return strides;
}

Objects<DnnHandle, cudnnHandle_t>& dnn_handles() {
  static auto& the = *new OfEachDevice<Objects<DnnHandle, cudnnHandle_t>>;
  return the.current();
}

Objects<Tensor, cudnnTensorDescriptor_t>& tensors() {
  static auto& the = *new Objects<Tensor, cudnnTensorDescriptor_t>;
  return the;
}

Objects<Filter, cudnnFilterDescriptor_t>& filters() {
  static auto& the = *new Objects<Filter, cudnnFilterDescriptor_t>;
  return the;
}

Objects<Convolution, cudnnConvolutionDescriptor_t>& convolutions() {
  static auto& the = *new Objects<Convolution, cudnnConvolutionDescriptor_t>;
  return the;
}

int dnn_refusal(int status, const std::string& why) {
  last_refusal = why;
  return status;
}

}  // namespace standin

int cudnnCreate(cudnnHandle_t* handle) {
  return call(
      {__func__, CUDNN_STATUS_NOT_INITIALIZED, CUDNN_STATUS_NOT_INITIALIZED},
      [&](Device& device) -> int {
        if (handle == nullptr) return bad_parameter("no place for the handle");
        if (device.unsafe() != cudaSuccess) {
          return dnn_refusal(CUDNN_STATUS_INTERNAL_ERROR, "a handle cannot be created during a capture");
        }
        dnn_handles().create(handle);
        return CUDNN_STATUS_SUCCESS;
      },
      out(handle));
}

int cudnnDestroy(cudnnHandle_t handle) {
  return call(
      {__func__, CUDNN_STATUS_EXECUTION_FAILED, CUDNN_STATUS_EXECUTION_FAILED, true},
      [&](Device& device) -> int {
        const int status = dnn_status_of(device.wait_for_all());
        return dnn_handles().destroy(handle) ? status : bad_parameter("no such handle");
      },
      handle);
}

int cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
  return dnn_call(
      __func__,
      [&](Device& device) -> int {
        DnnHandle* const found = dnn_handles().find(handle);
        if (found == nullptr) return bad_parameter("no such handle");
        if (device.stream(stream) == nullptr) return bad_parameter("no such stream");
        found->stream = stream;
        return CUDNN_STATUS_SUCCESS;
      },
      handle, stream);
}

size_t cudnnGetVersion() { return 91900; }

const char* cudnnGetErrorString(int status) {
  switch (status) {
    case CUDNN_STATUS_SUCCESS:
      return "CUDNN_STATUS_SUCCESS";
    case CUDNN_STATUS_NOT_INITIALIZED:
      return "CUDNN_STATUS_NOT_INITIALIZED";
    case CUDNN_STATUS_BAD_PARAM:
      return "CUDNN_STATUS_BAD_PARAM";
    case CUDNN_STATUS_NOT_SUPPORTED:
      return "CUDNN_STATUS_NOT_SUPPORTED";
    case CUDNN_STATUS_INTERNAL_ERROR:
      return "CUDNN_STATUS_INTERNAL_ERROR";
    case CUDNN_STATUS_ALLOC_FAILED:
      return "CUDNN_STATUS_ALLOC_FAILED";
    case CUDNN_STATUS_EXECUTION_FAILED:
      return "CUDNN_STATUS_EXECUTION_FAILED";
    default:
      return "CUDNN_UNKNOWN_STATUS";
  }
}

void cudnnGetLastErrorString(char* text, size_t bytes) { std::snprintf(text, bytes, "%s", last_refusal.c_str()); }
