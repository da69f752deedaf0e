// Capture and replay: what is recorded, what a capture forbids, and that a graph has the addresses it was captured
// with.
#include <thread>

#include "cuda_abi.h"
#include "standin/cublas.h"
#include "standin/cudnn.h"
#include "standin/testing.h"

namespace {

using namespace check;

constexpr size_t kCount = 100;
constexpr size_t kBytes = kCount * sizeof(float);

struct Fixture {
  DeviceFloats x{Floats(kCount, 1)}, y{Floats(kCount, 0)};
  float *in = pinned(kCount), *out = pinned(kCount);
  cudaStream_t stream = new_stream();

  void begin(int mode = cudaStreamCaptureModeGlobal) const {
    succeeds(cudaStreamBeginCapture(stream, mode), "cudaStreamBeginCapture");
  }
  // In, doubled, out.
  void step() const {
    succeeds(cudaMemcpyAsync(x, in, kBytes, cudaMemcpyHostToDevice, stream), "to the device");
    succeeds(eider_cuda_add_f32(kCount, x, x, y, stream), "add");
    succeeds(cudaMemcpyAsync(out, y, kBytes, cudaMemcpyDeviceToHost, stream), "to the host");
  }
  cudaGraph_t end() const {
    cudaGraph_t graph = nullptr;
    succeeds(cudaStreamEndCapture(stream, &graph), "cudaStreamEndCapture");
    return graph;
  }
  cudaGraphExec_t executable() const {
    begin();
    step();
    cudaGraphExec_t made = nullptr;
    succeeds(cudaGraphInstantiate(&made, end(), 0), "cudaGraphInstantiate");
    return made;
  }
  int capturing() const {
    int status = -1;
    succeeds(cudaStreamIsCapturing(stream, &status), "cudaStreamIsCapturing");
    return status;
  }
};

void recorded_and_not_run() {
  const Fixture f;
  is(f.capturing(), cudaStreamCaptureStatusNone, "before");
  f.begin();
  is(f.capturing(), cudaStreamCaptureStatusActive, "while");
  f.step();
  f.in[0] = f.out[0] = 1;
  const cudaGraph_t graph = f.end();
  is(f.capturing(), cudaStreamCaptureStatusNone, "after");
  that(f.y.host() == Floats(kCount, 0), "nothing ran");
  size_t nodes = 0;
  succeeds(cudaGraphGetNodes(graph, nullptr, &nodes), "cudaGraphGetNodes");
  that(nodes == 3, "three nodes");
  cudaGraphNode_t handles[4] = {nullptr, nullptr, nullptr, reinterpret_cast<cudaGraphNode_t>(1)};
  nodes = 4;
  succeeds(cudaGraphGetNodes(graph, handles, &nodes), "cudaGraphGetNodes");
  that(nodes == 3 && handles[0] != nullptr && handles[2] != nullptr && handles[3] == nullptr, "their handles");
  succeeds(cudaGraphDestroy(graph), "cudaGraphDestroy");
  is(cudaGraphDestroy(graph), cudaErrorInvalidValue, "destroyed twice");
  cudaGraphExec_t made = nullptr;
  is(cudaGraphInstantiate(&made, graph, 0), cudaErrorInvalidValue, "destroyed");
}

void replays() {
  const Fixture f;
  const cudaGraphExec_t executable = f.executable();
  for (float value : {3.0f, 4.0f}) {
    std::fill(f.in, f.in + kCount, value);
    succeeds(cudaGraphLaunch(executable, f.stream), "cudaGraphLaunch");
    crashes("a write to what a replay reads", [&] { f.in[0] = 1; });
    crashes("a read of what a replay writes", [&] { std::printf("%g", double(f.out[0])); });
    succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize");
    that(f.out[0] == 2 * value && f.out[kCount - 1] == 2 * value, "what is there at the launch");
  }
  succeeds(cudaGraphExecDestroy(executable), "cudaGraphExecDestroy");
  is(cudaGraphExecDestroy(executable), cudaErrorInvalidValue, "destroyed twice");
  is(cudaGraphLaunch(executable, f.stream), cudaErrorInvalidValue, "destroyed");
}

// A replay of one piece of work, of which something was freed meanwhile.
template <class Submit, class Release>
void freed_under(const std::string& what, const Submit& submit, const Release& release) {
  in_process(what + " whose memory is freed", [&] {
    const Fixture f;
    f.begin();
    succeeds(submit(f), what);
    cudaGraphExec_t executable = nullptr;
    succeeds(cudaGraphInstantiate(&executable, f.end(), 0), "cudaGraphInstantiate");
    succeeds(release(f), what);
    succeeds(cudaGraphLaunch(executable, f.stream), "cudaGraphLaunch");
    is(cudaStreamSynchronize(f.stream), cudaErrorIllegalAddress, what);
  });
}

void freed_memory() {
  const auto free_x = [](const Fixture& f) { return cudaFree(f.x.data()); };
  const auto free_in = [](const Fixture& f) { return cudaFreeHost(f.in); };
  const auto add = [](const Fixture& f) { return eider_cuda_add_f32(kCount, f.x, f.x, f.y, f.stream); };
  const auto fill = [](const Fixture& f) { return cudaMemsetAsync(f.x, 0, kBytes, f.stream); };
  const auto copy_in = [](const Fixture& f) {
    return cudaMemcpyAsync(f.x, f.in, kBytes, cudaMemcpyHostToDevice, f.stream);
  };
  const auto copy_out = [](const Fixture& f) {
    return cudaMemcpyAsync(f.in, f.x, kBytes, cudaMemcpyDeviceToHost, f.stream);
  };
  freed_under("a kernel", add, free_x);
  freed_under("a fill", fill, free_x);
  freed_under("a copy to the device", copy_in, free_x);
  freed_under("a copy from the host", copy_in, free_in);
  freed_under("a copy from the device", copy_out, free_x);
  freed_under("a copy to the host", copy_out, free_in);
}

// Each of these is refused, and makes the capture invalid.
void forbidden() {
  const auto refused = [](const std::string& what, int expected, auto act) {
    in_process(what + " in a capture", [&] {
      const Fixture f;
      f.begin();
      f.step();
      is(act(f), expected, what);
      is(f.capturing(), cudaStreamCaptureStatusInvalidated, what);
      is(eider_cuda_add_f32(kCount, f.x, f.x, f.y, f.stream), cudaErrorStreamCaptureInvalidated, "a kernel after it");
      cudaGraph_t graph = reinterpret_cast<cudaGraph_t>(1);
      is(cudaStreamEndCapture(f.stream, &graph), cudaErrorStreamCaptureInvalidated, "the end");
      that(graph == nullptr, "no graph");
      is(f.capturing(), cudaStreamCaptureStatusNone, "after the end");
      that(f.y.host() == Floats(kCount, 0), "nothing ran, and the device works");
    });
  };
  constexpr int kUnsupported = cudaErrorStreamCaptureUnsupported;
  void* block = nullptr;
  float host = 0;
  refused("cudaStreamSynchronize", kUnsupported, [](const Fixture& f) { return cudaStreamSynchronize(f.stream); });
  refused("cudaStreamQuery", kUnsupported, [](const Fixture& f) { return cudaStreamQuery(f.stream); });
  refused("cudaDeviceSynchronize", kUnsupported, [](const Fixture&) { return cudaDeviceSynchronize(); });
  refused("cudaMalloc", kUnsupported, [&](const Fixture&) { return cudaMalloc(&block, 4); });
  refused("cudaFree", kUnsupported, [](const Fixture& f) { return cudaFree(f.x.data()); });
  refused("cudaMallocHost", kUnsupported, [&](const Fixture&) { return cudaMallocHost(&block, 4); });
  refused("cudaFreeHost", kUnsupported, [](const Fixture& f) { return cudaFreeHost(f.in); });
  refused("cudaMemcpy", kUnsupported,
          [&](const Fixture& f) { return cudaMemcpy(&host, f.x, 4, cudaMemcpyDeviceToHost); });
  refused("an event", cudaErrorCapturedEvent, [](const Fixture& f) {
    cudaEvent_t event = nullptr;
    succeeds(cudaEventCreate(&event), "cudaEventCreate");
    succeeds(cudaEventRecord(event, f.stream), "cudaEventRecord");
    return cudaEventSynchronize(event);
  });
  refused("cublasCreate", CUBLAS_STATUS_ALLOC_FAILED, [](const Fixture&) {
    cublasHandle_t handle = nullptr;
    return cublasCreate_v2(&handle);
  });
  refused("cudnnCreate", CUDNN_STATUS_INTERNAL_ERROR, [](const Fixture&) {
    cudnnHandle_t handle = nullptr;
    return cudnnCreate(&handle);
  });
}

void modes() {
  const Fixture f;
  void* block = nullptr;
  f.begin(cudaStreamCaptureModeRelaxed);
  succeeds(cudaMalloc(&block, 4), "cudaMalloc in a relaxed capture");
  f.end();
  f.begin(cudaStreamCaptureModeThreadLocal);
  is(cudaMalloc(&block, 4), cudaErrorStreamCaptureUnsupported, "cudaMalloc in a capture of this thread");
  cudaGraph_t graph = nullptr;
  is(cudaStreamEndCapture(f.stream, &graph), cudaErrorStreamCaptureInvalidated, "the end");
  is(cudaStreamBeginCapture(f.stream, 3), cudaErrorInvalidValue, "no mode");
  is(cudaStreamBeginCapture(nullptr, cudaStreamCaptureModeGlobal), cudaErrorStreamCaptureUnsupported, "legacy stream");
  is(cudaStreamEndCapture(f.stream, &graph), cudaErrorIllegalState, "not begun");
  f.begin();
  is(cudaStreamBeginCapture(f.stream, cudaStreamCaptureModeGlobal), cudaErrorIllegalState, "begun twice");
  std::thread([&] {
    is(cudaStreamEndCapture(f.stream, &graph), cudaErrorStreamCaptureWrongThread, "ended by another thread");
  }).join();
  f.end();
}

void a_blocking_stream_and_the_legacy_stream() {
  const DeviceFloats x(4);
  cudaStream_t stream = nullptr;
  succeeds(cudaStreamCreate(&stream), "cudaStreamCreate");
  succeeds(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
  is(cudaMemsetAsync(x, 0, 4, nullptr), cudaErrorStreamCaptureImplicit, "the legacy stream would wait");
}

// Another stream is not concerned.
void beside_a_capture() {
  const Fixture f;
  const cudaStream_t other = new_stream();
  f.begin();
  f.step();
  succeeds(eider_cuda_fill_f32(kCount, 7, f.x, other), "fill");
  succeeds(cudaStreamSynchronize(other), "cudaStreamSynchronize");
  f.end();
  that(f.x.host() == Floats(kCount, 7), "it ran");
}

}  // namespace

int main() {
  in_process("capture", recorded_and_not_run);
  in_process("replays", replays);
  freed_memory();
  forbidden();
  in_process("modes", modes);
  in_process("the legacy stream", a_blocking_stream_and_the_legacy_stream);
  in_process("beside a capture", beside_a_capture);
  return report();
}
