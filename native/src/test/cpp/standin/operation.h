// What a call's descriptors and number of an algorithm are about.
#ifndef EIDER_STANDIN_OPERATION_H
#define EIDER_STANDIN_OPERATION_H

#include "standin/algorithms.h"

namespace standin {

struct Descriptors {
  cudnnTensorDescriptor_t x;
  cudnnFilterDescriptor_t w;
  cudnnTensorDescriptor_t y;
  cudnnConvolutionDescriptor_t convolution;
};

// The operation that descriptors describe, or why there is none.
int describe(Direction direction, const Descriptors& descriptors, Operation* operation);

// The algorithm of it that has this number, or why there is none.
int choose(const Operation& operation, int number, const Algorithm** algorithm);

// Whether it is refused when it is run or tried, which proposals know nothing of.
inline bool refused_when_run(int number) { return word(kRefusedAlgorithm) == number + 1; }

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

}  // namespace standin

#endif
