// libcudnn_cnn: the choice of a convolution's algorithm: proposals, trials, and workspaces.
#include <cstring>

#include "standin/operation.h"

using namespace standin;

namespace {

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
