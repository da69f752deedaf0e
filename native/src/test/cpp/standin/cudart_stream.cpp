// Streams, and their capture.
#include <utility>

#include "standin/graph.h"
#include "standin/runtime.h"

using namespace standin;

namespace {

int create(const char* name, cudaStream_t* stream, unsigned flags) {
  return runtime_call(
      name,
      [&](Device& device) -> int {
        if (stream == nullptr || flags > cudaStreamNonBlocking) return cudaErrorInvalidValue;
        device.streams.create(stream).blocking = flags != cudaStreamNonBlocking;
        return cudaSuccess;
      },
      out(stream), flags);
}

// Waiting for a stream that is being captured makes the capture invalid.
int refuse_capture(Stream& stream) {
  if (!stream.capture) return cudaSuccess;
  stream.capture->valid = false;
  return cudaErrorStreamCaptureUnsupported;
}

}  // namespace

int cudaStreamCreate(cudaStream_t* stream) { return create(__func__, stream, 0); }
int cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) { return create(__func__, stream, flags); }

int cudaStreamDestroy(cudaStream_t stream) {
  return runtime_clean_up(
      __func__,
      [&](Device& device) -> int {
        Stream* const found = device.streams.find(stream);
        if (found == nullptr) return cudaErrorInvalidResourceHandle;
        const int status = device.wait(*found);
        device.streams.destroy(stream);
        return status;
      },
      stream);
}

int cudaStreamSynchronize(cudaStream_t stream) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        Stream* const found = device.stream(stream);
        if (found == nullptr) return cudaErrorInvalidResourceHandle;
        if (const int refused = refuse_capture(*found)) return refused;
        return device.wait(*found);
      },
      stream);
}

// Who asks again and again gets an end in time: every question runs one piece of work.
int cudaStreamQuery(cudaStream_t stream) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        Stream* const found = device.stream(stream);
        if (found == nullptr) return cudaErrorInvalidResourceHandle;
        if (const int refused = refuse_capture(*found)) return refused;
        if (!device.advance(*found)) return cudaSuccess;
        return device.fault() != cudaSuccess ? device.fault() : cudaErrorNotReady;
      },
      stream);
}

int cudaStreamBeginCapture(cudaStream_t stream, int mode) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        Stream* const found = device.stream(stream);
        if (found == nullptr) return cudaErrorInvalidResourceHandle;
        if (found == &device.legacy) return cudaErrorStreamCaptureUnsupported;
        if (mode < cudaStreamCaptureModeGlobal || mode > cudaStreamCaptureModeRelaxed) return cudaErrorInvalidValue;
        if (found->capture) return cudaErrorIllegalState;
        found->capture = Capture{mode, std::this_thread::get_id(), true, {}};
        return cudaSuccess;
      },
      stream, mode);
}

int cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  // A capture ends even where its end fails, and leaves no graph then.
  const int status = runtime_clean_up(
      __func__,
      [&](Device& device) -> int {
        Stream* const found = device.stream(stream);
        if (found == nullptr) return cudaErrorInvalidResourceHandle;
        if (graph == nullptr) return cudaErrorInvalidValue;
        *graph = nullptr;
        if (!found->capture) return cudaErrorIllegalState;
        if (found->capture->mode != cudaStreamCaptureModeRelaxed &&
            found->capture->owner != std::this_thread::get_id()) {
          return cudaErrorStreamCaptureWrongThread;
        }
        const Capture capture = *std::exchange(found->capture, std::nullopt);
        if (!capture.valid) return cudaErrorStreamCaptureInvalidated;
        graphs().create(graph).work = capture.work;
        return cudaSuccess;
      },
      stream, out(graph));
  if (status != cudaSuccess && graph != nullptr) graphs().destroy(std::exchange(*graph, nullptr));
  return status;
}

int cudaStreamIsCapturing(cudaStream_t stream, int* status) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        const Stream* const found = device.stream(stream);
        if (found == nullptr) return cudaErrorInvalidResourceHandle;
        if (status == nullptr) return cudaErrorInvalidValue;
        *status = !found->capture         ? cudaStreamCaptureStatusNone
                  : found->capture->valid ? cudaStreamCaptureStatusActive
                                          : cudaStreamCaptureStatusInvalidated;
        return cudaSuccess;
      },
      stream, out(status));
}
