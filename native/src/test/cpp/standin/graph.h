// Captured work.
#ifndef EIDER_STANDIN_GRAPH_H
#define EIDER_STANDIN_GRAPH_H

#include "standin/device.h"

namespace standin {

struct Graph {
  std::vector<SharedWork> work;
};

Objects<Graph, cudaGraph_t>& graphs();

}  // namespace standin

#endif
