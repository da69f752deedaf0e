// A convolution for tests: descriptors, arrays with random values, and a call in any of the three directions.
#ifndef EIDER_STANDIN_CUDNN_FIXTURE_H
#define EIDER_STANDIN_CUDNN_FIXTURE_H

#include <cstring>

#include "standin/arithmetic.h"
#include "standin/cudnn.h"
#include "standin/testing.h"

namespace check {

struct Shape {
  int batch = 2, inputs = 3, outputs = 4, height = 7, width = 5, filter_rows = 3, filter_columns = 3;
  int stride_h = 1, stride_w = 1, pad_h = 1, pad_w = 1, dilation_h = 1, dilation_w = 1;
  bool flipped = false;

  int rows() const { return (height + 2 * pad_h - ((filter_rows - 1) * dilation_h + 1)) / stride_h + 1; }
  int columns() const { return (width + 2 * pad_w - ((filter_columns - 1) * dilation_w + 1)) / stride_w + 1; }
};

// In each direction the number of an algorithm that is the same every time, for any shape.
constexpr int kExactAlgorithm = 1;

// Which array is the result; the others are read.
enum class Part { kX, kW, kY };

class Problem {
 public:
  cudnnHandle_t handle = nullptr;
  cudnnTensorDescriptor_t x = nullptr, y = nullptr;
  cudnnFilterDescriptor_t w = nullptr;
  cudnnConvolutionDescriptor_t convolution = nullptr;

  Problem(const Shape& shape, int format, int type = CUDNN_DATA_FLOAT) : shape_(shape), format_(format), type_(type) {
    succeeds(cudnnCreate(&handle), "cudnnCreate");
    succeeds(cudnnCreateTensorDescriptor(&x), "cudnnCreateTensorDescriptor");
    succeeds(cudnnCreateTensorDescriptor(&y), "cudnnCreateTensorDescriptor");
    succeeds(cudnnCreateFilterDescriptor(&w), "cudnnCreateFilterDescriptor");
    succeeds(cudnnCreateConvolutionDescriptor(&convolution), "cudnnCreateConvolutionDescriptor");
    succeeds(cudnnSetTensor4dDescriptor(x, format, type, shape.batch, shape.inputs, shape.height, shape.width), "x");
    succeeds(cudnnSetTensor4dDescriptor(y, format, type, shape.batch, shape.outputs, shape.rows(), shape.columns()),
             "y");
    succeeds(cudnnSetFilter4dDescriptor(w, type, format, shape.outputs, shape.inputs, shape.filter_rows,
                                        shape.filter_columns),
             "w");
    succeeds(set_convolution(), "cudnnSetConvolution2dDescriptor");
    succeeds(cudnnSetConvolutionMathType(convolution, is_f32() ? CUDNN_FMA_MATH : CUDNN_TENSOR_OP_MATH),
             "cudnnSetConvolutionMathType");
  }

  int set_convolution() {
    return cudnnSetConvolution2dDescriptor(
        convolution, shape_.pad_h, shape_.pad_w, shape_.stride_h, shape_.stride_w, shape_.dilation_h, shape_.dilation_w,
        shape_.flipped ? CUDNN_CONVOLUTION : CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT);
  }

  size_t workspace_bytes(Part part, int algorithm) const {
    size_t bytes = 0;
    const int status =
        part == Part::kY ? cudnnGetConvolutionForwardWorkspaceSize(handle, x, w, convolution, y, algorithm, &bytes)
        : part == Part::kX
            ? cudnnGetConvolutionBackwardDataWorkspaceSize(handle, w, y, convolution, x, algorithm, &bytes)
            : cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, x, y, convolution, w, algorithm, &bytes);
    succeeds(status, "the size of the workspace");
    return bytes;
  }

  int run(Part part, int algorithm, float alpha = 1, float beta = 0) {
    const size_t bytes = workspace_bytes(part, algorithm);
    const DeviceFloats workspace(bytes / sizeof(float) + 1);
    const int status = call(part, algorithm, alpha, beta, workspace, bytes);
    succeeds(cudaFree(workspace.data()), "cudaFree");
    return status;
  }

  int call(Part part, int algorithm, float alpha, float beta, void* workspace, size_t bytes) {
    return part == Part::kY   ? cudnnConvolutionForward(handle, &alpha, x, x_, w, w_, convolution, algorithm, workspace,
                                                        bytes, &beta, y, y_)
           : part == Part::kX ? cudnnConvolutionBackwardData(handle, &alpha, w, w_, y, y_, convolution, algorithm,
                                                             workspace, bytes, &beta, x, x_)
                              : cudnnConvolutionBackwardFilter(handle, &alpha, x, x_, y, y_, convolution, algorithm,
                                                               workspace, bytes, &beta, w, w_);
  }

  // What is on the device now, channels first.
  Floats host(Part part) const { return reordered(part, loaded(part), false); }
  // What was there at first.
  const Floats& values(Part part) const {
    return part == Part::kX ? x_values_ : part == Part::kY ? y_values_ : w_values_;
  }
  void spoil(Part part) { succeeds(cudaMemset(array(part), 0xff, array(part).bytes()), "cudaMemset"); }
  const DeviceFloats& array(Part part) const { return part == Part::kX ? x_ : part == Part::kY ? y_ : w_; }

 private:
  Shape shape_;
  int format_, type_;
  Floats x_values_ = drawn(shape_.batch * shape_.inputs * shape_.height * shape_.width);
  Floats w_values_ = drawn(shape_.outputs * shape_.inputs * shape_.filter_rows * shape_.filter_columns);
  Floats y_values_ = drawn(shape_.batch * shape_.outputs * shape_.rows() * shape_.columns());
  DeviceFloats x_{stored(reordered(Part::kX, x_values_, true))};
  DeviceFloats w_{stored(reordered(Part::kW, w_values_, true))};
  DeviceFloats y_{stored(reordered(Part::kY, y_values_, true))};

  bool is_f32() const { return type_ == CUDNN_DATA_FLOAT; }

  // Numbers of the problem's type.
  Floats drawn(int count) const {
    Floats values = normal(count);
    if (!is_f32()) {
      for (float& value : values) value = standin::of_bfloat16(standin::bfloat16(value));
    }
    return values;
  }

  // As they lie in memory: of bf16 two in the place of a float.
  Floats stored(const Floats& values) const {
    if (is_f32()) return values;
    std::vector<uint16_t> halves;
    for (float value : values) halves.push_back(standin::bfloat16(value));
    Floats memory((values.size() + 1) / 2);
    std::memcpy(memory.data(), halves.data(), halves.size() * sizeof(uint16_t));
    return memory;
  }

  Floats loaded(Part part) const {
    const Floats memory = array(part).host();
    if (is_f32()) return memory;
    std::vector<uint16_t> halves(values(part).size());
    std::memcpy(halves.data(), memory.data(), halves.size() * sizeof(uint16_t));
    Floats numbers;
    for (uint16_t half : halves) numbers.push_back(standin::of_bfloat16(half));
    return numbers;
  }

  // From channels first to the format of the problem, or back.
  Floats reordered(Part part, const Floats& from, bool to_format) const {
    if (format_ == CUDNN_TENSOR_NCHW) return from;
    const int n = part == Part::kW ? shape_.outputs : shape_.batch;
    const int c = part == Part::kY ? shape_.outputs : shape_.inputs;
    const int pixels = int(from.size()) / n / c;
    Floats to(from.size());
    for (int a = 0; a < n; ++a) {
      for (int b = 0; b < c; ++b) {
        for (int i = 0; i < pixels; ++i) {
          const size_t first = size_t((a * c + b) * pixels + i), last = size_t((a * pixels + i) * c + b);
          if (to_format) {
            to[last] = from[first];
          } else {
            to[first] = from[last];
          }
        }
      }
    }
    return to;
  }
};

}  // namespace check

#endif
