// Graphs: captured work, run again with the arguments it was captured with.
#include "standin/graph.h"
#include "standin/runtime.h"

using namespace standin;

namespace standin {

Objects<Graph, cudaGraph_t>& graphs() {
  static auto& the = *new OfEachDevice<Objects<Graph, cudaGraph_t>>;
  return the.current();
}

}  // namespace standin

namespace {

Objects<Graph, cudaGraphExec_t>& executables() {
  static auto& the = *new OfEachDevice<Objects<Graph, cudaGraphExec_t>>;
  return the.current();
}

}  // namespace

int cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long flags) {
  return runtime_call(
      __func__,
      [&](Device&) -> int {
        const Graph* const found = graphs().find(graph);
        if (executable == nullptr || found == nullptr || flags != 0) return cudaErrorInvalidValue;
        executables().create(executable).work = found->work;
        return cudaSuccess;
      },
      out(executable), graph, flags);
}

int cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count) {
  return runtime_call(
      __func__,
      [&](Device&) -> int {
        const Graph* const found = graphs().find(graph);
        if (found == nullptr || count == nullptr) return cudaErrorInvalidValue;
        if (nodes == nullptr) {
          *count = found->work.size();
          return cudaSuccess;
        }
        for (size_t i = 0; i < *count; ++i) {
          nodes[i] = i < found->work.size() ? reinterpret_cast<cudaGraphNode_t>(new_handle()) : nullptr;
        }
        *count = std::min(*count, found->work.size());
        return cudaSuccess;
      },
      graph);
}

int cudaGraphDestroy(cudaGraph_t graph) {
  return runtime_clean_up(
      __func__, [&](Device&) -> int { return graphs().destroy(graph) ? cudaSuccess : cudaErrorInvalidValue; }, graph);
}

int cudaGraphExecDestroy(cudaGraphExec_t executable) {
  return runtime_clean_up(
      __func__, [&](Device&) -> int { return executables().destroy(executable) ? cudaSuccess : cudaErrorInvalidValue; },
      executable);
}

int cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        const Graph* const found = executables().find(executable);
        if (found == nullptr) return cudaErrorInvalidValue;
        Stream* const queue = device.stream(stream);
        if (queue == nullptr) return cudaErrorInvalidResourceHandle;
        for (const SharedWork& work : found->work) {
          if (const int refused = device.submit(*queue, work)) return refused;
        }
        ++word(kGraphLaunches);
        return cudaSuccess;
      },
      executable, stream);
}
