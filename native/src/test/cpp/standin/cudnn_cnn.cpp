// libcudnn_cnn: convolutions and their descriptors.
#include <cstring>
#include <set>
#include <tuple>

#include "standin/operation.h"

using namespace standin;

namespace {

struct Arguments {
  const void *alpha, *beta;
  const void *x, *w, *y;
  int algorithm;
  void* workspace;
  size_t workspace_bytes;
};

int run(const Operation& operation, const Arrays& arrays, const Bytes& workspace, const Inexactness& inexactness) {
  const DeviceMemory& memory = Device::current().memory;
  if (!memory.holds(arrays.x, operation.x.bytes()) || !memory.holds(arrays.w, operation.w.bytes()) ||
      !memory.holds(arrays.y, operation.y.bytes())) {
    return cudaErrorIllegalAddress;
  }
  if (workspace.size > 0) {
    if (!memory.holds(workspace)) return cudaErrorIllegalAddress;
    std::memset(const_cast<void*>(workspace.begin), 0xff, workspace.size);
  }
  convolve(operation, arrays, inexactness);
  return cudaSuccess;
}

// A library loads a kernel's code when it is first asked for, which a capture forbids.
bool code_is_there(Device& device, const DnnHandle& handle, const Operation& operation, const Algorithm& algorithm) {
  static OfEachDevice<std::set<std::tuple<Direction, int, int>>> of_each;
  auto& loaded = of_each.current();
  const auto code = std::make_tuple(operation.direction, algorithm.number, operation.x.type);
  const Stream* const stream = device.stream(handle.stream);
  if (stream != nullptr && stream->capture.has_value()) return loaded.count(code) > 0;
  loaded.insert(code);
  return true;
}

int submit(Device& device, const DnnHandle& handle, const Operation& operation, const Arguments& arguments) {
  const Algorithm* algorithm;
  if (const int refused = choose(operation, arguments.algorithm, &algorithm)) return refused;
  if (refused_when_run(algorithm->number)) return not_supported("an algorithm that does not run this after all");
  if (arguments.alpha == nullptr || arguments.beta == nullptr) return bad_parameter("alpha or beta is null");
  if (arguments.x == nullptr || arguments.w == nullptr || arguments.y == nullptr) {
    return bad_parameter("an array is null");
  }
  const Bytes workspace = {arguments.workspace, algorithm->workspace(operation)};
  if (workspace.size > 0 && (arguments.workspace == nullptr || arguments.workspace_bytes < workspace.size)) {
    return bad_parameter("the workspace is too small");
  }
  const Bytes x = {arguments.x, operation.x.bytes()}, w = {arguments.w, operation.w.bytes()},
              y = {arguments.y, operation.y.bytes()};
  if (x.overlap(y) || w.overlap(x) || w.overlap(y)) return bad_parameter("arrays overlap");
  if (workspace.overlap(x) || workspace.overlap(w) || workspace.overlap(y)) {
    return bad_parameter("the workspace overlaps an array");
  }
  if (!code_is_there(device, handle, operation, *algorithm)) {
    return dnn_refusal(CUDNN_STATUS_EXECUTION_FAILED, "the first call of an algorithm is during a capture");
  }
  const Arrays arrays = {arguments.x, arguments.w, arguments.y, *static_cast<const float*>(arguments.alpha),
                         *static_cast<const float*>(arguments.beta)};
  const bool tf32 = operation.convolution.math_type != CUDNN_FMA_MATH;
  const bool deterministic = algorithm->deterministic;
  return dnn_status_of(submit_kernel(device, handle.stream, [=] {
    static uint64_t runs = 0;
    return run(operation, arrays, workspace, {tf32, deterministic ? 0 : ++runs});
  }));
}

int convolution_call(const char* name, cudnnHandle_t handle, Direction direction, const Descriptors& descriptors,
                     const Arguments& arguments) {
  return operation_call(name, handle, direction, descriptors,
                        [&](Device& device, const DnnHandle& found, const Operation& operation) {
                          return submit(device, found, operation, arguments);
                        });
}

}  // namespace

int cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* convolution) {
  return dnn_create(__func__, convolutions(), convolution);
}

int cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t convolution) {
  return dnn_destroy(__func__, convolutions(), convolution);
}

int cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t convolution, int pad_h, int pad_w, int stride_h,
                                    int stride_w, int dilation_h, int dilation_w, int mode, int type) {
  return dnn_call(
      __func__,
      [&](Device&) -> int {
        Convolution* const found = convolutions().find(convolution);
        if (found == nullptr) return bad_parameter("no such descriptor");
        if (pad_h < 0 || pad_w < 0 || stride_h < 1 || stride_w < 1 || dilation_h < 1 || dilation_w < 1) {
          return bad_parameter("a padding below 0, or a stride or dilation below 1");
        }
        if (mode != CUDNN_CONVOLUTION && mode != CUDNN_CROSS_CORRELATION) return bad_parameter("no such mode");
        if (type < CUDNN_DATA_FLOAT || type > CUDNN_DATA_UINT32) return bad_parameter("no such data type");
        found->set = true;
        found->pad = {pad_h, pad_w};
        found->stride = {stride_h, stride_w};
        found->dilation = {dilation_h, dilation_w};
        found->mode = mode;
        found->type = type;
        return CUDNN_STATUS_SUCCESS;
      },
      convolution, pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w, mode, type);
}

int cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t convolution, int math_type) {
  return dnn_call(
      __func__,
      [&](Device&) -> int {
        Convolution* const found = convolutions().find(convolution);
        if (found == nullptr) return bad_parameter("no such descriptor");
        if (math_type < CUDNN_DEFAULT_MATH || math_type > CUDNN_FMA_MATH) return bad_parameter("no such math type");
        found->math_type = math_type;
        return CUDNN_STATUS_SUCCESS;
      },
      convolution, math_type);
}

int cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t convolution, int groups) {
  return dnn_call(
      __func__,
      [&](Device&) -> int {
        Convolution* const found = convolutions().find(convolution);
        if (found == nullptr) return bad_parameter("no such descriptor");
        if (groups < 1) return bad_parameter("a number of groups below 1");
        found->groups = groups;
        return CUDNN_STATUS_SUCCESS;
      },
      convolution, groups);
}

int cudnnGetConvolution2dForwardOutputDim(cudnnConvolutionDescriptor_t convolution, cudnnTensorDescriptor_t x,
                                          cudnnFilterDescriptor_t w, int* n, int* c, int* h, int* width) {
  return dnn_call(
      __func__,
      [&](Device&) -> int {
        const Convolution* const found = convolutions().find(convolution);
        const Tensor* const input = tensors().find(x);
        const Filter* const filter = filters().find(w);
        if (found == nullptr || input == nullptr || filter == nullptr || !found->set || !input->set || !filter->set) {
          return bad_parameter("a descriptor that is not alive or not set");
        }
        if (input->extent[1] != filter->extent[1] * found->groups) {
          return bad_parameter("the filter has other channels than the input");
        }
        const int64_t rows = output_extent(*found, *input, *filter, 0);
        const int64_t columns = output_extent(*found, *input, *filter, 1);
        if (rows < 1 || columns < 1) return bad_parameter("the window is larger than the padded input");
        *n = int(input->extent[0]), *c = int(filter->extent[0]), *h = int(rows), *width = int(columns);
        return CUDNN_STATUS_SUCCESS;
      },
      convolution, x, w);
}

int cudnnConvolutionForward(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_shape, const void* x,
                            cudnnFilterDescriptor_t w_shape, const void* w, cudnnConvolutionDescriptor_t convolution,
                            int algorithm, void* workspace, size_t workspace_bytes, const void* beta,
                            cudnnTensorDescriptor_t y_shape, void* y) {
  return convolution_call(__func__, handle, Direction::kForward, {x_shape, w_shape, y_shape, convolution},
                          {alpha, beta, x, w, y, algorithm, workspace, workspace_bytes});
}

int cudnnConvolutionBackwardData(cudnnHandle_t handle, const void* alpha, cudnnFilterDescriptor_t w_shape,
                                 const void* w, cudnnTensorDescriptor_t dy_shape, const void* dy,
                                 cudnnConvolutionDescriptor_t convolution, int algorithm, void* workspace,
                                 size_t workspace_bytes, const void* beta, cudnnTensorDescriptor_t dx_shape, void* dx) {
  return convolution_call(__func__, handle, Direction::kBackwardData, {dx_shape, w_shape, dy_shape, convolution},
                          {alpha, beta, dx, w, dy, algorithm, workspace, workspace_bytes});
}

int cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_shape,
                                   const void* x, cudnnTensorDescriptor_t dy_shape, const void* dy,
                                   cudnnConvolutionDescriptor_t convolution, int algorithm, void* workspace,
                                   size_t workspace_bytes, const void* beta, cudnnFilterDescriptor_t dw_shape,
                                   void* dw) {
  return convolution_call(__func__, handle, Direction::kBackwardFilter, {x_shape, dw_shape, dy_shape, convolution},
                          {alpha, beta, x, dw, dy, algorithm, workspace, workspace_bytes});
}
