// The control file: books that balance, an order to fail that every function obeys, and the log.
#include "standin/control.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <utility>

#include "cuda_abi.h"
#include "standin/cublas.h"
#include "standin/cudnn.h"
#include "standin/testing.h"

namespace {

using namespace check;
using standin::Word;

constexpr size_t kFileBytes = 4096, kNameAt = 2048;

// A file that is gone when it is closed, and its name in this process and those forked from it.
class TemporaryFile {
 public:
  int descriptor() const { return fileno(file_.get()); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor()); }

 private:
  std::unique_ptr<FILE, int (*)(FILE*)> file_{std::tmpfile(), std::fclose};
};

// The test's own view of the file, as another program would have it.
class Control {
 public:
  Control() {
    that(ftruncate(file_.descriptor(), kFileBytes) == 0, "ftruncate");
    memory_ = static_cast<char*>(mmap(nullptr, kFileBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_.descriptor(), 0));
    setenv("EIDER_STANDIN_CONTROL", file_.path().c_str(), 1);
  }
  ~Control() { unsetenv("EIDER_STANDIN_CONTROL"); }

  volatile int64_t& operator[](Word word) const { return reinterpret_cast<volatile int64_t*>(memory_)[word]; }
  std::string failed() const { return memory_ + kNameAt; }

  void fail(int64_t countdown, int64_t status = 0) const {
    (*this)[standin::kFailure] = status;
    (*this)[standin::kCountdown] = countdown;
  }

 private:
  TemporaryFile file_;
  char* memory_;
};

struct Objects {
  void *block = nullptr, *host = nullptr;
  cudaStream_t stream = nullptr;
  cudaEvent_t event = nullptr;
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  cublasHandle_t blas = nullptr;
  cudnnHandle_t dnn = nullptr;
  cudnnTensorDescriptor_t tensor = nullptr;
  cudnnFilterDescriptor_t filter = nullptr;
  cudnnConvolutionDescriptor_t convolution = nullptr;
  bool ended = false;

  using Step = std::pair<std::string, std::function<int()>>;

  // Everything that can be made, in an order in which it can be.
  std::vector<Step> makes() {
    return {{"cudaMalloc", [this] { return cudaMalloc(&block, 1000); }},
            {"cudaHostAlloc", [this] { return cudaHostAlloc(&host, 1000, 0); }},
            {"cudaStreamCreateWithFlags", [this] { return cudaStreamCreateWithFlags(&stream, 1); }},
            {"cudaEventCreate", [this] { return cudaEventCreate(&event); }},
            {"cudaStreamBeginCapture", [this] { return cudaStreamBeginCapture(stream, 0); }},
            {"cudaMemsetAsync", [this] { return cudaMemsetAsync(block, 0, 4, stream); }},
            {"cudaLaunchKernel", [this] { return eider_cuda_fill_f32(4, 1, static_cast<float*>(block), stream); }},
            {"cudaStreamEndCapture",
             [this] {
               // One that failed has ended the capture.
               if (std::exchange(ended, true)) cudaStreamBeginCapture(stream, 0);
               return cudaStreamEndCapture(stream, &graph);
             }},
            {"cudaGraphInstantiate", [this] { return cudaGraphInstantiate(&executable, graph, 0); }},
            {"cudaGraphLaunch", [this] { return cudaGraphLaunch(executable, stream); }},
            {"cublasCreate_v2", [this] { return cublasCreate_v2(&blas); }},
            {"cublasSetStream_v2", [this] { return cublasSetStream_v2(blas, stream); }},
            {"cudnnCreate", [this] { return cudnnCreate(&dnn); }},
            {"cudnnSetStream", [this] { return cudnnSetStream(dnn, stream); }},
            {"cudnnCreateTensorDescriptor", [this] { return cudnnCreateTensorDescriptor(&tensor); }},
            {"cudnnCreateFilterDescriptor", [this] { return cudnnCreateFilterDescriptor(&filter); }},
            {"cudnnCreateConvolutionDescriptor", [this] { return cudnnCreateConvolutionDescriptor(&convolution); }},
            {"cudaStreamSynchronize", [this] { return cudaStreamSynchronize(stream); }}};
  }

  std::vector<Step> clean_ups() {
    return {{"cudnnDestroyConvolutionDescriptor", [this] { return cudnnDestroyConvolutionDescriptor(convolution); }},
            {"cudnnDestroyFilterDescriptor", [this] { return cudnnDestroyFilterDescriptor(filter); }},
            {"cudnnDestroyTensorDescriptor", [this] { return cudnnDestroyTensorDescriptor(tensor); }},
            {"cudnnDestroy", [this] { return cudnnDestroy(dnn); }},
            {"cublasDestroy_v2", [this] { return cublasDestroy_v2(blas); }},
            {"cudaGraphExecDestroy", [this] { return cudaGraphExecDestroy(executable); }},
            {"cudaGraphDestroy", [this] { return cudaGraphDestroy(graph); }},
            {"cudaEventDestroy", [this] { return cudaEventDestroy(event); }},
            {"cudaStreamDestroy", [this] { return cudaStreamDestroy(stream); }},
            {"cudaFreeHost", [this] { return cudaFreeHost(host); }},
            {"cudaFree", [this] { return cudaFree(block); }}};
  }
};

void run(const std::vector<Objects::Step>& steps) {
  for (const auto& [name, step] : steps) succeeds(step(), name);
}

void books() {
  const Control control;
  Objects objects;
  run(objects.makes());
  that(control[standin::kCalls] == 18, "calls");
  that(control[standin::kKernels] == 1, "kernels");
  that(control[standin::kGraphLaunches] == 1, "launches of graphs");
  that(control[standin::kDeviceBytes] == 1000 && control[standin::kDeviceBlocks] == 1, "device memory");
  that(control[standin::kPinnedBlocks] == 1, "pinned memory");
  that(control[standin::kObjects] == 9, "objects");
  succeeds(cudaMemcpyAsync(objects.block, objects.host, 100, cudaMemcpyHostToDevice, objects.stream), "to the device");
  succeeds(cudaMemcpyAsync(objects.host, objects.block, 30, cudaMemcpyDeviceToHost, objects.stream), "to the host");
  that(control[standin::kCopiesToDevice] == 0 && control[standin::kCopiesToHost] == 0, "copies not yet run");
  succeeds(cudaStreamSynchronize(objects.stream), "cudaStreamSynchronize");
  that(control[standin::kCopiesToDevice] == 1 && control[standin::kBytesToDevice] == 100, "copies to the device");
  that(control[standin::kCopiesToHost] == 1 && control[standin::kBytesToHost] == 30, "copies to the host");
  run(objects.clean_ups());
  for (Word word : {standin::kDeviceBytes, standin::kDeviceBlocks, standin::kPinnedBlocks, standin::kObjects}) {
    that(control[word] == 0, "nothing is left of word " + std::to_string(word));
  }
}

void every_call_can_fail() {
  const Control control;
  const size_t steps = Objects().makes().size();
  for (size_t failing = 0; failing < steps; ++failing) {
    in_process("a failure of step " + std::to_string(failing), [&] {
      Objects objects;
      const auto makes = objects.makes();
      control.fail(int64_t(failing) + 1);
      for (size_t i = 0; i < failing; ++i) succeeds(makes[i].second(), makes[i].first);
      const int status = makes[failing].second();
      that(status != 0, makes[failing].first + " failed");
      that(control.failed() == makes[failing].first, makes[failing].first + ", not " + control.failed());
      that(control[standin::kCountdown] == 0, "the countdown ended");
      if (makes[failing].first == "cudaMalloc") is(status, cudaErrorMemoryAllocation, "a plausible status");
      if (makes[failing].first == "cudaGraphLaunch") is(cudaGetLastError(), cudaErrorUnknown, "the last error");
      if (makes[failing].first == "cudnnSetStream") is(status, CUDNN_STATUS_EXECUTION_FAILED, "a plausible status");
      if (makes[failing].first == "cublasSetStream_v2")
        is(status, CUBLAS_STATUS_EXECUTION_FAILED, "a plausible status");
      cudaGetLastError();
      for (size_t i = failing; i < makes.size(); ++i) succeeds(makes[i].second(), "not done, and so again");
    });
  }
}

void clean_ups_are_done_even_where_they_fail() {
  const Control control;
  Objects objects;
  run(objects.makes());
  for (const auto& [name, step] : objects.clean_ups()) {
    control.fail(1, 77);
    is(step(), 77, name + " with the status ordered");
    that(control.failed() == name, name);
  }
  for (Word word : {standin::kDeviceBytes, standin::kDeviceBlocks, standin::kPinnedBlocks, standin::kObjects}) {
    that(control[word] == 0, "nothing is left of word " + std::to_string(word));
  }
}

void a_call_can_lose_the_device() {
  const Control control;
  Objects objects;
  run(objects.makes());
  succeeds(cudaMemcpyAsync(objects.host, objects.block, 4, cudaMemcpyDeviceToHost, objects.stream), "to the host");
  control[standin::kLoss] = cudaErrorLaunchFailure;
  control.fail(2);
  succeeds(cudaGraphLaunch(objects.executable, objects.stream), "not yet");
  is(cudaGraphLaunch(objects.executable, objects.stream), cudaErrorUnknown, "the call that fails");
  is(cudaGraphLaunch(objects.executable, objects.stream), cudaErrorLaunchFailure, "every later call");
  is(cudaStreamSynchronize(objects.stream), cudaErrorLaunchFailure, "every later call");
  static_cast<char*>(objects.host)[0] = 1;
  control[standin::kLoss] = 0;
  succeeds(cudaStreamSynchronize(objects.stream), "a device that is there again");
  that(control[standin::kCopiesToHost] == 0, "what was asked for before");
}

void questions_are_not_counted() {
  const Control control;
  control.fail(1);
  int version = 0;
  cudaGetLastError();
  cudaPeekAtLastError();
  cudaGetErrorString(1);
  cudaGetErrorName(1);
  cudaDriverGetVersion(&version);
  cudaRuntimeGetVersion(&version);
  cudnnGetVersion();
  cudnnGetErrorString(0);
  that(control[standin::kCalls] == 0 && control[standin::kCountdown] == 1, "not counted");
}

void lost_devices_can_be_cleaned_up() {
  const Control control;
  Objects objects;
  run(objects.makes());
  succeeds(eider_cuda_fill_f32(1000, 1, static_cast<float*>(objects.block), objects.stream), "an overrun");
  is(cudaStreamSynchronize(objects.stream), cudaErrorIllegalAddress, "cudaStreamSynchronize");
  for (const auto& [name, step] : objects.clean_ups()) that(step() != 0, name + " says so");
  for (Word word : {standin::kDeviceBytes, standin::kDeviceBlocks, standin::kPinnedBlocks, standin::kObjects}) {
    that(control[word] == 0, "nothing is left of word " + std::to_string(word));
  }
}

void the_log() {
  const TemporaryFile log;
  setenv("EIDER_STANDIN_LOG", log.path().c_str(), 1);
  int device = 0;
  succeeds(cudaGetDevice(&device), "cudaGetDevice");
  is(cudaSetDevice(3), cudaErrorInvalidDevice, "cudaSetDevice");
  std::ifstream file(log.path());
  std::stringstream text;
  text << file.rdbuf();
  that(text.str() == "cudaGetDevice = 0\ncudaSetDevice 3 = 101\n", "the log: " + text.str());
}

}  // namespace

int main() {
  in_process("books", books);
  every_call_can_fail();
  in_process("clean-ups", clean_ups_are_done_even_where_they_fail);
  in_process("a call that loses the device", a_call_can_lose_the_device);
  in_process("questions", questions_are_not_counted);
  in_process("a lost device", lost_devices_can_be_cleaned_up);
  in_process("the log", the_log);
  return report();
}
