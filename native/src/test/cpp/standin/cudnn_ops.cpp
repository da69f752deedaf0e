// libcudnn_ops: descriptors of tensors and filters.
#include "standin/cudnn_objects.h"

using namespace standin;

namespace {

int set(Tensor* tensor, int type, const std::array<int64_t, 4>& extent, const std::array<int64_t, 4>& stride) {
  if (tensor == nullptr) return bad_parameter("no such descriptor");
  if (type < CUDNN_DATA_FLOAT || type > CUDNN_DATA_UINT32) return bad_parameter("no such data type");
  for (size_t i = 0; i < 4; ++i) {
    if (extent[i] <= 0 || stride[i] <= 0) return bad_parameter("extents and strides must be positive");
  }
  tensor->set = true;
  tensor->type = type;
  tensor->extent = extent;
  tensor->stride = stride;
  return CUDNN_STATUS_SUCCESS;
}

bool known_format(int format) { return format == CUDNN_TENSOR_NCHW || format == CUDNN_TENSOR_NHWC; }

}  // namespace

int cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor) { return dnn_create(__func__, tensors(), tensor); }
int cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor) { return dnn_destroy(__func__, tensors(), tensor); }
int cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filter) { return dnn_create(__func__, filters(), filter); }
int cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filter) { return dnn_destroy(__func__, filters(), filter); }

int cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t tensor, int format, int type, int n, int c, int h, int w) {
  return dnn_call(
      __func__,
      [&](Device&) -> int {
        if (!known_format(format)) return bad_parameter("no such tensor format");
        const std::array<int64_t, 4> extent = {n, c, h, w};
        return set(tensors().find(tensor), type, extent, strides_of(format, extent));
      },
      tensor, format, type, n, c, h, w);
}

int cudnnSetTensor4dDescriptorEx(cudnnTensorDescriptor_t tensor, int type, int n, int c, int h, int w, int n_stride,
                                 int c_stride, int h_stride, int w_stride) {
  return dnn_call(
      __func__,
      [&](Device&) {
        return set(tensors().find(tensor), type, {n, c, h, w}, {n_stride, c_stride, h_stride, w_stride});
      },
      tensor, type, n, c, h, w, n_stride, c_stride, h_stride, w_stride);
}

int cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t filter, int type, int format, int k, int c, int h, int w) {
  return dnn_call(
      __func__,
      [&](Device&) -> int {
        if (!known_format(format)) return bad_parameter("no such filter format");
        Filter* const found = filters().find(filter);
        const std::array<int64_t, 4> extent = {k, c, h, w};
        const int status = set(found, type, extent, strides_of(format, extent));
        if (status == CUDNN_STATUS_SUCCESS) found->format = format;
        return status;
      },
      filter, type, format, k, c, h, w);
}
