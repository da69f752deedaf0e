// The part of cuDNN that the stand-in implements.
#ifndef EIDER_STANDIN_CUDNN_H
#define EIDER_STANDIN_CUDNN_H

#include "standin/cudart.h"

enum : int {
  CUDNN_STATUS_SUCCESS = 0,
  CUDNN_STATUS_NOT_INITIALIZED = 1001,
  CUDNN_STATUS_BAD_PARAM = 2000,
  CUDNN_STATUS_NOT_SUPPORTED = 3000,
  CUDNN_STATUS_INTERNAL_ERROR = 4000,
  CUDNN_STATUS_ALLOC_FAILED = 4003,
  CUDNN_STATUS_EXECUTION_FAILED = 5000
};
enum : int { CUDNN_DATA_FLOAT = 0, CUDNN_DATA_DOUBLE = 1, CUDNN_DATA_BFLOAT16 = 9, CUDNN_DATA_UINT32 = 19 };
enum : int { CUDNN_TENSOR_NCHW = 0, CUDNN_TENSOR_NHWC = 1 };
enum : int { CUDNN_CONVOLUTION = 0, CUDNN_CROSS_CORRELATION = 1 };
enum : int {
  CUDNN_DEFAULT_MATH = 0,
  CUDNN_TENSOR_OP_MATH = 1,
  CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION = 2,
  CUDNN_FMA_MATH = 3
};
enum : int { CUDNN_NON_DETERMINISTIC = 0, CUDNN_DETERMINISTIC = 1 };

struct cudnnContext;
struct cudnnTensorStruct;
struct cudnnFilterStruct;
struct cudnnConvolutionStruct;
using cudnnHandle_t = cudnnContext*;
using cudnnTensorDescriptor_t = cudnnTensorStruct*;
using cudnnFilterDescriptor_t = cudnnFilterStruct*;
using cudnnConvolutionDescriptor_t = cudnnConvolutionStruct*;

// cudnnConvolutionFwdAlgoPerf_t and its two sisters.
struct AlgorithmPerformance {
  int algorithm, status;
  float time;
  size_t memory;
  int determinism, math_type, reserved[3];
};

extern "C" {

// ---- libcudnn_graph ----

int cudnnCreate(cudnnHandle_t* handle);
int cudnnDestroy(cudnnHandle_t handle);
int cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream);
size_t cudnnGetVersion();
const char* cudnnGetErrorString(int status);
void cudnnGetLastErrorString(char* text, size_t bytes);

// ---- libcudnn_ops ----

int cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor);
int cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor);
int cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t tensor, int format, int type, int n, int c, int h, int w);
int cudnnSetTensor4dDescriptorEx(cudnnTensorDescriptor_t tensor, int type, int n, int c, int h, int w, int n_stride,
                                 int c_stride, int h_stride, int w_stride);
int cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filter);
int cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filter);
int cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t filter, int type, int format, int k, int c, int h, int w);

// ---- libcudnn_cnn ----

int cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* convolution);
int cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t convolution);
int cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t convolution, int pad_h, int pad_w, int stride_h,
                                    int stride_w, int dilation_h, int dilation_w, int mode, int type);
int cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t convolution, int math_type);
int cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t convolution, int groups);
int cudnnGetConvolution2dForwardOutputDim(cudnnConvolutionDescriptor_t convolution, cudnnTensorDescriptor_t x,
                                          cudnnFilterDescriptor_t w, int* n, int* c, int* h, int* width);

int cudnnConvolutionForward(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_shape, const void* x,
                            cudnnFilterDescriptor_t w_shape, const void* w, cudnnConvolutionDescriptor_t convolution,
                            int algorithm, void* workspace, size_t workspace_bytes, const void* beta,
                            cudnnTensorDescriptor_t y_shape, void* y);
int cudnnConvolutionBackwardData(cudnnHandle_t handle, const void* alpha, cudnnFilterDescriptor_t w_shape,
                                 const void* w, cudnnTensorDescriptor_t dy_shape, const void* dy,
                                 cudnnConvolutionDescriptor_t convolution, int algorithm, void* workspace,
                                 size_t workspace_bytes, const void* beta, cudnnTensorDescriptor_t dx_shape, void* dx);
int cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_shape,
                                   const void* x, cudnnTensorDescriptor_t dy_shape, const void* dy,
                                   cudnnConvolutionDescriptor_t convolution, int algorithm, void* workspace,
                                   size_t workspace_bytes, const void* beta, cudnnFilterDescriptor_t dw_shape,
                                   void* dw);

int cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t handle, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                            cudnnConvolutionDescriptor_t convolution, cudnnTensorDescriptor_t y,
                                            int algorithm, size_t* bytes);
int cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t handle, cudnnFilterDescriptor_t w,
                                                 cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t convolution,
                                                 cudnnTensorDescriptor_t dx, int algorithm, size_t* bytes);
int cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t handle, cudnnTensorDescriptor_t x,
                                                   cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t convolution,
                                                   cudnnFilterDescriptor_t dw, int algorithm, size_t* bytes);

int cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t handle, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                           cudnnConvolutionDescriptor_t convolution, cudnnTensorDescriptor_t y,
                                           int requested, int* returned, AlgorithmPerformance* results);
int cudnnGetConvolutionBackwardDataAlgorithm_v7(cudnnHandle_t handle, cudnnFilterDescriptor_t w,
                                                cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t convolution,
                                                cudnnTensorDescriptor_t dx, int requested, int* returned,
                                                AlgorithmPerformance* results);
int cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnnHandle_t handle, cudnnTensorDescriptor_t x,
                                                  cudnnTensorDescriptor_t dy, cudnnConvolutionDescriptor_t convolution,
                                                  cudnnFilterDescriptor_t dw, int requested, int* returned,
                                                  AlgorithmPerformance* results);

int cudnnFindConvolutionForwardAlgorithmEx(cudnnHandle_t handle, cudnnTensorDescriptor_t x_shape, const void* x,
                                           cudnnFilterDescriptor_t w_shape, const void* w,
                                           cudnnConvolutionDescriptor_t convolution, cudnnTensorDescriptor_t y_shape,
                                           void* y, int requested, int* returned, AlgorithmPerformance* results,
                                           void* workspace, size_t workspace_bytes);
int cudnnFindConvolutionBackwardDataAlgorithmEx(cudnnHandle_t handle, cudnnFilterDescriptor_t w_shape, const void* w,
                                                cudnnTensorDescriptor_t dy_shape, const void* dy,
                                                cudnnConvolutionDescriptor_t convolution,
                                                cudnnTensorDescriptor_t dx_shape, void* dx, int requested,
                                                int* returned, AlgorithmPerformance* results, void* workspace,
                                                size_t workspace_bytes);
int cudnnFindConvolutionBackwardFilterAlgorithmEx(cudnnHandle_t handle, cudnnTensorDescriptor_t x_shape, const void* x,
                                                  cudnnTensorDescriptor_t dy_shape, const void* dy,
                                                  cudnnConvolutionDescriptor_t convolution,
                                                  cudnnFilterDescriptor_t dw_shape, void* dw, int requested,
                                                  int* returned, AlgorithmPerformance* results, void* workspace,
                                                  size_t workspace_bytes);
}

#endif
