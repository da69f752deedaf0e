// The part of CUDA's runtime interface that the stand-in implements. Statuses and enumerations are ints, handles are
// opaque; names and numbers are CUDA's own.
#ifndef EIDER_STANDIN_CUDART_H
#define EIDER_STANDIN_CUDART_H

#include <cstddef>

enum : int {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorInvalidConfiguration = 9,
  cudaErrorInvalidMemcpyDirection = 21,
  cudaErrorInvalidDeviceFunction = 98,
  cudaErrorInvalidDevice = 101,
  cudaErrorInvalidResourceHandle = 400,
  cudaErrorIllegalState = 401,
  cudaErrorNotReady = 600,
  cudaErrorIllegalAddress = 700,
  cudaErrorLaunchFailure = 719,
  cudaErrorStreamCaptureUnsupported = 900,
  cudaErrorStreamCaptureInvalidated = 901,
  cudaErrorStreamCaptureUnmatched = 903,
  cudaErrorStreamCaptureImplicit = 906,
  cudaErrorCapturedEvent = 907,
  cudaErrorStreamCaptureWrongThread = 908,
  cudaErrorUnknown = 999
};

enum : int {
  cudaMemcpyHostToHost = 0,
  cudaMemcpyHostToDevice = 1,
  cudaMemcpyDeviceToHost = 2,
  cudaMemcpyDeviceToDevice = 3,
  cudaMemcpyDefault = 4
};

enum : int { cudaStreamCaptureModeGlobal = 0, cudaStreamCaptureModeThreadLocal = 1, cudaStreamCaptureModeRelaxed = 2 };
enum : int {
  cudaStreamCaptureStatusNone = 0,
  cudaStreamCaptureStatusActive = 1,
  cudaStreamCaptureStatusInvalidated = 2
};
enum : unsigned { cudaStreamNonBlocking = 1 };

struct CUstream_st;
struct CUevent_st;
struct CUgraph_st;
struct CUgraphExec_st;
struct CUgraphNode_st;
using cudaStream_t = CUstream_st*;
using cudaEvent_t = CUevent_st*;
using cudaGraph_t = CUgraph_st*;
using cudaGraphExec_t = CUgraphExec_st*;
using cudaGraphNode_t = CUgraphNode_st*;

struct GridDimensions {
  unsigned x, y, z;
};

extern "C" {

int cudaGetDeviceCount(int* count);
int cudaSetDevice(int device);
int cudaGetDevice(int* device);
int cudaGetDeviceProperties(void* properties, int device);
int cudaDeviceGetAttribute(int* value, int attribute, int device);
int cudaDriverGetVersion(int* version);
int cudaRuntimeGetVersion(int* version);
int cudaDeviceSynchronize();

int cudaGetLastError();
int cudaPeekAtLastError();
const char* cudaGetErrorString(int error);
const char* cudaGetErrorName(int error);

int cudaMemGetInfo(size_t* free, size_t* total);
int cudaMalloc(void** memory, size_t bytes);
int cudaFree(void* memory);
int cudaHostAlloc(void** memory, size_t bytes, unsigned flags);
int cudaMallocHost(void** memory, size_t bytes);
int cudaFreeHost(void* memory);
int cudaMemcpy(void* to, const void* from, size_t bytes, int kind);
int cudaMemcpyAsync(void* to, const void* from, size_t bytes, int kind, cudaStream_t stream);
int cudaMemset(void* to, int value, size_t bytes);
int cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t stream);

int cudaStreamCreate(cudaStream_t* stream);
int cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags);
int cudaStreamDestroy(cudaStream_t stream);
int cudaStreamSynchronize(cudaStream_t stream);
int cudaStreamQuery(cudaStream_t stream);
int cudaStreamBeginCapture(cudaStream_t stream, int mode);
int cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph);
int cudaStreamIsCapturing(cudaStream_t stream, int* status);

int cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long flags);
int cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count);
int cudaGraphDestroy(cudaGraph_t graph);
int cudaGraphExecDestroy(cudaGraphExec_t executable);
int cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream);

int cudaEventCreate(cudaEvent_t* event);
int cudaEventRecord(cudaEvent_t event, cudaStream_t stream);
int cudaEventSynchronize(cudaEvent_t event);
int cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t end);
int cudaEventDestroy(cudaEvent_t event);

// nvcc's kernels are not run: libraries of them load, and their launches are refused.
int cudaFuncSetAttribute(const void* function, int attribute, int value);
int cudaLaunchKernel(const void* function, GridDimensions grid, GridDimensions block, void** arguments,
                     size_t shared_bytes, cudaStream_t stream);
}

#endif
