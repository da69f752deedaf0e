// Two devices: each with its own memory, streams and handles, which nobody may use while the other is current.
#include <thread>

#include "cuda_abi.h"
#include "standin/cublas.h"
#include "standin/cudnn.h"
#include "standin/testing.h"

namespace {

using namespace check;

constexpr size_t kCount = 100;

void use(int device) { is(cudaSetDevice(device), cudaSuccess, "cudaSetDevice"); }

// What is to be had of a device, made while it is current.
struct Fixture {
  DeviceFloats x{Floats(kCount, 1)};
  float* host = pinned(kCount);
  cudaStream_t stream = new_stream();

  void fill(float value) const { succeeds(eider_cuda_fill_f32(kCount, value, x, stream), "fill"); }
  void to_host() const { succeeds(cudaMemcpyAsync(host, x, x.bytes(), cudaMemcpyDeviceToHost, stream), "to the host"); }
};

struct Two {
  Fixture first;
  Fixture second = on_the_second();

  static Fixture on_the_second() {
    use(1);
    Fixture made;
    return made;
  }
};

void the_current_device() {
  int device = 7;
  use(1);
  succeeds(cudaGetDevice(&device), "cudaGetDevice");
  that(device == 1, "the one that was chosen");
  is(cudaSetDevice(2), cudaErrorInvalidDevice, "none");
  succeeds(cudaGetDevice(&device), "cudaGetDevice");
  that(device == 1, "still");
  std::thread([&] { succeeds(cudaGetDevice(&device), "cudaGetDevice"); }).join();
  that(device == 0, "another thread's");
}

void memory() {
  size_t free = 0, total = 0, left = 0;
  succeeds(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  const Two two;
  succeeds(cudaMemGetInfo(&left, &total), "cudaMemGetInfo");
  that(left == free - two.second.x.bytes(), "the second's own memory is free but for one block");
  float host[kCount] = {};
  is(cudaFree(two.first.x.data()), cudaErrorInvalidValue, "cudaFree");
  is(cudaFreeHost(two.first.host), cudaErrorInvalidValue, "cudaFreeHost");
  is(cudaMemset(two.first.x, 0, 4), cudaErrorInvalidValue, "cudaMemset");
  is(cudaMemcpy(host, two.first.x, 4, cudaMemcpyDeviceToHost), cudaErrorInvalidValue, "a copy from it");
  is(cudaMemcpy(two.first.x, host, 4, cudaMemcpyDefault), cudaErrorInvalidValue, "a copy to it");
  is(cudaMemcpy(two.first.x, two.second.x, 4, cudaMemcpyDeviceToDevice), cudaErrorInvalidValue,
     "from one to the other");
  is(cudaMemcpyAsync(two.first.host, two.second.x, 4, cudaMemcpyDeviceToHost, two.second.stream), cudaErrorInvalidValue,
     "the other's pinned memory");
  is(cudaMemcpy(two.first.host, two.second.x, 4, cudaMemcpyDeviceToHost), cudaErrorInvalidValue,
     "the other's pinned memory, at once");
  use(0);
  that(two.first.x.host() == Floats(kCount, 1), "nothing happened");
}

void a_kernel_on_the_others_memory() {
  const Two two;
  succeeds(eider_cuda_add_f32(kCount, two.second.x, two.first.x, two.second.x, two.second.stream), "the launch");
  is(cudaStreamSynchronize(two.second.stream), cudaErrorIllegalAddress, "where it runs");
}

void streams() {
  const Two two;
  const cudaStream_t stream = two.first.stream;
  cudaEvent_t event = nullptr;
  constexpr int kInvalid = cudaErrorInvalidResourceHandle;
  succeeds(cudaEventCreate(&event), "cudaEventCreate");
  is(cudaMemsetAsync(two.second.x, 0, 4, stream), kInvalid, "cudaMemsetAsync");
  is(cudaMemcpyAsync(two.second.host, two.second.x, 4, cudaMemcpyDeviceToHost, stream), kInvalid, "cudaMemcpyAsync");
  is(cudaStreamSynchronize(stream), kInvalid, "cudaStreamSynchronize");
  is(cudaStreamQuery(stream), kInvalid, "cudaStreamQuery");
  is(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), kInvalid, "cudaStreamBeginCapture");
  is(cudaEventRecord(event, stream), kInvalid, "cudaEventRecord");
  is(cudaStreamDestroy(stream), kInvalid, "cudaStreamDestroy");
  cudaGetLastError();
  is(eider_cuda_fill_f32(kCount, 2, two.second.x, stream), kInvalid, "a kernel");
  that(two.second.x.host() == Floats(kCount, 1), "nothing happened");
  use(0);
  is(cudaEventRecord(event, stream), kInvalid, "the other's event");
  is(cudaEventDestroy(event), kInvalid, "cudaEventDestroy");
}

void graphs() {
  const Fixture f;
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  succeeds(cudaStreamBeginCapture(f.stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
  f.fill(2);
  succeeds(cudaStreamEndCapture(f.stream, &graph), "cudaStreamEndCapture");
  succeeds(cudaGraphInstantiate(&executable, graph, 0), "cudaGraphInstantiate");
  use(1);
  cudaGraphExec_t another = nullptr;
  is(cudaGraphLaunch(executable, new_stream()), cudaErrorInvalidValue, "cudaGraphLaunch");
  is(cudaGraphInstantiate(&another, graph, 0), cudaErrorInvalidValue, "cudaGraphInstantiate");
  is(cudaGraphExecDestroy(executable), cudaErrorInvalidValue, "cudaGraphExecDestroy");
  use(0);
  succeeds(cudaGraphLaunch(executable, f.stream), "on its own");
  succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize");
  that(f.x.host() == Floats(kCount, 2), "it ran");
}

void handles() {
  const Two two;
  use(0);
  cublasHandle_t blas = nullptr;
  cudnnHandle_t dnn = nullptr;
  succeeds(cublasCreate_v2(&blas), "cublasCreate");
  succeeds(cudnnCreate(&dnn), "cudnnCreate");
  is(cublasSetStream_v2(blas, two.second.stream), CUBLAS_STATUS_INVALID_VALUE, "the other's stream");
  is(cudnnSetStream(dnn, two.second.stream), CUDNN_STATUS_BAD_PARAM, "the other's stream");
  use(1);
  is(cublasSetStream_v2(blas, two.second.stream), CUBLAS_STATUS_NOT_INITIALIZED, "the other's handle");
  is(cudnnSetStream(dnn, two.second.stream), CUDNN_STATUS_BAD_PARAM, "the other's handle");
  is(cublasDestroy_v2(blas), CUBLAS_STATUS_NOT_INITIALIZED, "the other's handle");
  is(cudnnDestroy(dnn), CUDNN_STATUS_BAD_PARAM, "the other's handle");
}

void work_waits_for_its_own_device() {
  const Two two;
  two.second.fill(3);
  two.second.to_host();
  use(0);
  two.first.fill(2);
  two.first.to_host();
  succeeds(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
  that(two.first.host[0] == 2, "what was asked of the first");
  crashes("what the second has yet to write", [&] { two.second.host[0] = 1; });
  use(1);
  succeeds(cudaStreamSynchronize(two.second.stream), "cudaStreamSynchronize");
  that(two.second.host[0] == 3, "what was asked of the second");
}

void a_lost_device_and_the_other() {
  const Two two;
  succeeds(eider_cuda_fill_f32(kCount + 1, 1, two.second.x, two.second.stream), "an overrun");
  is(cudaStreamSynchronize(two.second.stream), cudaErrorIllegalAddress, "the second is lost");
  use(0);
  is(cudaGetLastError(), cudaErrorIllegalAddress, "what the thread met last");
  is(cudaGetLastError(), cudaSuccess, "the first is not lost");
  two.first.fill(5);
  that(two.first.x.host() == Floats(kCount, 1), "not yet run");
  succeeds(cudaStreamSynchronize(two.first.stream), "cudaStreamSynchronize");
  that(two.first.x.host() == Floats(kCount, 5), "the first computes");
  is(cudaSetDevice(1), cudaErrorIllegalAddress, "the second stays lost");
  is(cudaFree(two.second.x.data()), cudaErrorIllegalAddress, "and is cleaned up");
  is(cudaFree(two.second.x.data()), cudaErrorIllegalAddress, "again");
}

}  // namespace

int main() {
  in_process("the current device", the_current_device);
  in_process("memory", memory);
  in_process("a kernel on the other's memory", a_kernel_on_the_others_memory);
  in_process("streams", streams);
  in_process("graphs", graphs);
  in_process("handles", handles);
  in_process("work", work_waits_for_its_own_device);
  in_process("a lost device", a_lost_device_and_the_other);
  return report();
}
