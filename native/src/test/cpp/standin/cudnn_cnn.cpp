// libcudnn_cnn: convolutions, their descriptors, and the choice of their algorithms.
#include <cstring>
#include <set>
#include <tuple>

#include "standin/algorithms.h"

using namespace standin;

namespace {

struct Descriptors {
  cudnnTensorDescriptor_t x;
  cudnnFilterDescriptor_t w;
  cudnnTensorDescriptor_t y;
  cudnnConvolutionDescriptor_t convolution;
};

// The operation that descriptors describe, or why there is none.
int describe(Direction direction, const Descriptors& descriptors, Operation* operation) {
  const Tensor *const x = tensors().find(descriptors.x), *const y = tensors().find(descriptors.y);
  const Filter* const w = filters().find(descriptors.w);
  const Convolution* const convolution = convolutions().find(descriptors.convolution);
  if (x == nullptr || y == nullptr || w == nullptr || convolution == nullptr) {
    return bad_parameter("a descriptor that is not alive");
  }
  if (!x->set || !y->set || !w->set || !convolution->set) return bad_parameter("a descriptor that is not set");
  *operation = {direction, *x, *y, *w, *convolution};
  if (x->type != y->type || x->type != w->type) return bad_parameter("data types differ");
  if ((x->type != CUDNN_DATA_FLOAT && x->type != CUDNN_DATA_BFLOAT16) || convolution->type != CUDNN_DATA_FLOAT) {
    return not_supported("the stand-in convolves f32 and bf16, and sums in f32");
  }
  if (x->type == CUDNN_DATA_BFLOAT16 && convolution->math_type == CUDNN_FMA_MATH) {
    return not_supported("bf16 is for tensor cores, which the descriptor forbids");
  }
  if (convolution->groups != 1) return not_supported("the stand-in convolves in one group only");
  if (x->extent[1] != w->extent[1]) return bad_parameter("the filter has other channels than the input");
  if (y->extent[0] != x->extent[0] || y->extent[1] != w->extent[0]) {
    return bad_parameter("the output has another batch or other channels");
  }
  for (size_t axis : {0, 1}) {
    if (y->extent[axis + 2] != output_extent(*convolution, *x, *w, axis)) {
      return bad_parameter("the output has another height or width");
    }
  }
  const bool laid_out = w->format == CUDNN_TENSOR_NHWC ? x->channels_last() && y->channels_last()
                                                       : x->channels_first() && y->channels_first();
  if (!laid_out) return not_supported("tensors must be dense, in the layout of the filter");
  return CUDNN_STATUS_SUCCESS;
}

// The same for an algorithm of it.
int choose(const Operation& operation, int number, const Algorithm** algorithm) {
  if (number < 0 || number > 7) return bad_parameter("no such algorithm");
  *algorithm = find_algorithm(operation.direction, number);
  if (*algorithm == nullptr || !(*algorithm)->supports(operation)) {
    return not_supported("an algorithm that is not for this convolution");
  }
  if (operation.convolution.math_type == CUDNN_TENSOR_OP_MATH && !(*algorithm)->tensor_cores) {
    return not_supported("an algorithm without tensor cores, under their arithmetic");
  }
  return CUDNN_STATUS_SUCCESS;
}

// The heuristic knows nothing of it.
bool refused_when_run(int number) { return word(kRefusedAlgorithm) == number + 1; }

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

// A call that is about an operation.
template <class Body>
int operation_call(const char* name, cudnnHandle_t handle, Direction direction, const Descriptors& descriptors,
                   const Body& body) {
  return dnn_call(
      name,
      [&](Device& device) -> int {
        const DnnHandle* const found = dnn_handles().find(handle);
        if (found == nullptr) return bad_parameter("no such handle");
        Operation operation;
        if (const int refused = describe(direction, descriptors, &operation)) return refused;
        return body(device, *found, operation);
      },
      handle, descriptors.x, descriptors.w, descriptors.y, descriptors.convolution);
}

int convolution_call(const char* name, cudnnHandle_t handle, Direction direction, const Descriptors& descriptors,
                     const Arguments& arguments) {
  return operation_call(name, handle, direction, descriptors,
                        [&](Device& device, const DnnHandle& found, const Operation& operation) {
                          return submit(device, found, operation, arguments);
                        });
}

int workspace_call(const char* name, cudnnHandle_t handle, Direction direction, const Descriptors& descriptors,
                   int number, size_t* bytes) {
  return operation_call(name, handle, direction, descriptors,
                        [&](Device&, const DnnHandle&, const Operation& operation) -> int {
                          const Algorithm* algorithm;
                          if (bytes == nullptr) return bad_parameter("no place for the size");
                          if (const int refused = choose(operation, number, &algorithm)) return refused;
                          *bytes = algorithm->workspace(operation);
                          return CUDNN_STATUS_SUCCESS;
                        });
}

// The fastest first: on tensor cores where the descriptor allows it and then, in f32, without; and what is not for this
// convolution last.
std::vector<AlgorithmPerformance> performances(const Operation& operation) {
  std::vector<AlgorithmPerformance> results, refused;
  float time = 0;
  const auto result = [&](const Algorithm& algorithm, int math_type) {
    return AlgorithmPerformance{algorithm.number,
                                CUDNN_STATUS_SUCCESS,
                                time += 0.125f,
                                algorithm.workspace(operation),
                                algorithm.deterministic ? CUDNN_DETERMINISTIC : CUDNN_NON_DETERMINISTIC,
                                math_type,
                                {}};
  };
  if (operation.convolution.math_type != CUDNN_FMA_MATH) {
    for (const Algorithm& algorithm : algorithms(operation.direction)) {
      if (algorithm.any_shape) {
        results.push_back(result(algorithm, algorithm.tensor_cores ? CUDNN_TENSOR_OP_MATH : CUDNN_DEFAULT_MATH));
      }
    }
  }
  for (const Algorithm& algorithm : algorithms(operation.direction)) {
    if (operation.x.type == CUDNN_DATA_BFLOAT16) break;
    if (algorithm.supports(operation)) {
      results.push_back(result(algorithm, CUDNN_FMA_MATH));
    } else {
      refused.push_back(
          {algorithm.number, CUDNN_STATUS_NOT_SUPPORTED, -1, 0, CUDNN_NON_DETERMINISTIC, CUDNN_DEFAULT_MATH, {}});
    }
  }
  results.insert(results.end(), refused.begin(), refused.end());
  return results;
}

int rank(const Operation& operation, int requested, int* returned, AlgorithmPerformance* results) {
  if (requested < 1 || returned == nullptr || results == nullptr) return bad_parameter("no place for results");
  const std::vector<AlgorithmPerformance> all = performances(operation);
  *returned = std::min(requested, int(all.size()));
  std::copy_n(all.begin(), *returned, results);
  return CUDNN_STATUS_SUCCESS;
}

int rank_call(const char* name, cudnnHandle_t handle, Direction direction, const Descriptors& descriptors,
              int requested, int* returned, AlgorithmPerformance* results) {
  return operation_call(name, handle, direction, descriptors,
                        [&](Device&, const DnnHandle&, const Operation& operation) {
                          return rank(operation, requested, returned, results);
                        });
}

// Whoever has algorithms tried gives the result's array and the workspace up: both are overwritten. One that is refused
// keeps its place, for a careful caller reads its status.
int try_call(const char* name, cudnnHandle_t handle, Direction direction, const Descriptors& descriptors,
             const std::array<const void*, 3>& arrays, void* result, int requested, int* returned,
             AlgorithmPerformance* results, void* workspace, size_t workspace_bytes) {
  return operation_call(name, handle, direction, descriptors,
                        [&](Device& device, const DnnHandle& found, const Operation& operation) -> int {
                          if (device.unsafe() != cudaSuccess) {
                            return dnn_refusal(CUDNN_STATUS_EXECUTION_FAILED,
                                               "algorithms cannot be tried during a capture");
                          }
                          for (const void* array : arrays) {
                            if (array == nullptr) return bad_parameter("an array is null");
                          }
                          if (const int refused = rank(operation, requested, returned, results)) return refused;
                          int fitting = 0;
                          for (int i = 0; i < *returned; ++i) {
                            if (results[i].memory > workspace_bytes) continue;
                            AlgorithmPerformance& result = results[fitting++] = results[i];
                            if (refused_when_run(result.algorithm)) {
                              result.status = CUDNN_STATUS_NOT_SUPPORTED;
                              result.time = -1;
                            }
                          }
                          *returned = fitting;
                          const size_t bytes = operation.result().bytes();
                          const int submitted = submit_kernel(device, found.stream, [=]() -> int {
                            const DeviceMemory& memory = Device::current().memory;
                            if (!memory.holds(result, bytes)) return cudaErrorIllegalAddress;
                            if (workspace_bytes > 0 && !memory.holds(workspace, workspace_bytes))
                              return cudaErrorIllegalAddress;
                            std::memset(result, 0xff, bytes);
                            if (workspace_bytes > 0) std::memset(workspace, 0xff, workspace_bytes);
                            return cudaSuccess;
                          });
                          if (submitted != cudaSuccess) return dnn_status_of(submitted);
                          return dnn_status_of(device.wait(*device.stream(found.stream)));
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

int cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t handle, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                            cudnnConvolutionDescriptor_t convolution, cudnnTensorDescriptor_t y,
                                            int algorithm, size_t* bytes) {
  return workspace_call(__func__, handle, Direction::kForward, {x, w, y, convolution}, algorithm, bytes);
}

int cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t handle, cudnnFilterDescriptor_t w,
                                                 cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t convolution,
                                                 cudnnTensorDescriptor_t dx, int algorithm, size_t* bytes) {
  return workspace_call(__func__, handle, Direction::kBackwardData, {dx, w, dy, convolution}, algorithm, bytes);
}

int cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t handle, cudnnTensorDescriptor_t x,
                                                   cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t convolution,
                                                   cudnnFilterDescriptor_t dw, int algorithm, size_t* bytes) {
  return workspace_call(__func__, handle, Direction::kBackwardFilter, {x, dw, dy, convolution}, algorithm, bytes);
}

int cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t handle, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                           cudnnConvolutionDescriptor_t convolution, cudnnTensorDescriptor_t y,
                                           int requested, int* returned, AlgorithmPerformance* results) {
  return rank_call(__func__, handle, Direction::kForward, {x, w, y, convolution}, requested, returned, results);
}

int cudnnGetConvolutionBackwardDataAlgorithm_v7(cudnnHandle_t handle, cudnnFilterDescriptor_t w,
                                                cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t convolution,
                                                cudnnTensorDescriptor_t dx, int requested, int* returned,
                                                AlgorithmPerformance* results) {
  return rank_call(__func__, handle, Direction::kBackwardData, {dx, w, dy, convolution}, requested, returned, results);
}

int cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnnHandle_t handle, cudnnTensorDescriptor_t x,
                                                  cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t convolution,
                                                  cudnnFilterDescriptor_t dw, int requested, int* returned,
                                                  AlgorithmPerformance* results) {
  return rank_call(__func__, handle, Direction::kBackwardFilter, {x, dw, dy, convolution}, requested, returned,
                   results);
}

int cudnnFindConvolutionForwardAlgorithmEx(cudnnHandle_t handle, cudnnTensorDescriptor_t x_shape, const void* x,
                                           cudnnFilterDescriptor_t w_shape, const void* w,
                                           cudnnConvolutionDescriptor_t convolution, cudnnTensorDescriptor_t y_shape,
                                           void* y, int requested, int* returned, AlgorithmPerformance* results,
                                           void* workspace, size_t workspace_bytes) {
  return try_call(__func__, handle, Direction::kForward, {x_shape, w_shape, y_shape, convolution}, {x, w, y}, y,
                  requested, returned, results, workspace, workspace_bytes);
}

int cudnnFindConvolutionBackwardDataAlgorithmEx(cudnnHandle_t handle, cudnnFilterDescriptor_t w_shape, const void* w,
                                                cudnnTensorDescriptor_t dy_shape, const void* dy,
                                                cudnnConvolutionDescriptor_t convolution,
                                                cudnnTensorDescriptor_t dx_shape, void* dx, int requested,
                                                int* returned, AlgorithmPerformance* results, void* workspace,
                                                size_t workspace_bytes) {
  return try_call(__func__, handle, Direction::kBackwardData, {dx_shape, w_shape, dy_shape, convolution}, {dx, w, dy},
                  dx, requested, returned, results, workspace, workspace_bytes);
}

int cudnnFindConvolutionBackwardFilterAlgorithmEx(cudnnHandle_t handle, cudnnTensorDescriptor_t x_shape, const void* x,
                                                  cudnnTensorDescriptor_t dy_shape, const void* dy,
                                                  cudnnConvolutionDescriptor_t convolution,
                                                  cudnnFilterDescriptor_t dw_shape, void* dw, int requested,
                                                  int* returned, AlgorithmPerformance* results, void* workspace,
                                                  size_t workspace_bytes) {
  return try_call(__func__, handle, Direction::kBackwardFilter, {x_shape, dw_shape, dy_shape, convolution}, {x, dw, dy},
                  dw, requested, returned, results, workspace, workspace_bytes);
}
