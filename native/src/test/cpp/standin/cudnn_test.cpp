// cuDNN's rules: what does not fit is refused with a text, and every field of a descriptor matters.
#include "standin/control.h"
#include "standin/cudnn_fixture.h"

namespace {

using namespace check;

constexpr Part kParts[] = {Part::kX, Part::kW, Part::kY};
constexpr int kBad = CUDNN_STATUS_BAD_PARAM, kUnsupported = CUDNN_STATUS_NOT_SUPPORTED;

std::string last_error() {
  char text[200] = "";
  cudnnGetLastErrorString(text, sizeof text);
  return text;
}

// After the change, no direction is possible any more.
template <class Change>
void refused(const std::string& what, int expected, const std::string& text, const Change& change) {
  in_process(what, [&] {
    Problem problem(Shape{}, CUDNN_TENSOR_NHWC);
    const DeviceFloats workspace(4000);
    for (Part part : kParts) {
      succeeds(problem.call(part, 1, 1, 0, workspace, workspace.bytes()), "before " + what);
    }
    change(problem);
    for (Part part : kParts) {
      is(problem.call(part, 1, 1, 0, workspace, workspace.bytes()), expected, what);
      that(last_error() == text, what + ": " + last_error());
    }
  });
}

int set_x(const Problem& p, int format, int type, int n, int c, int h, int w) {
  return cudnnSetTensor4dDescriptor(p.x, format, type, n, c, h, w);
}

void descriptors_that_do_not_fit() {
  const auto nhwc = CUDNN_TENSOR_NHWC;
  refused("another batch", kBad, "the output has another batch or other channels",
          [&](Problem& p) { succeeds(set_x(p, nhwc, 0, 1, 3, 7, 5), "x"); });
  refused("other channels", kBad, "the filter has other channels than the input",
          [&](Problem& p) { succeeds(set_x(p, nhwc, 0, 2, 4, 7, 5), "x"); });
  refused("another height", kBad, "the output has another height or width",
          [&](Problem& p) { succeeds(set_x(p, nhwc, 0, 2, 3, 6, 5), "x"); });
  refused("another width", kBad, "the output has another height or width",
          [&](Problem& p) { succeeds(set_x(p, nhwc, 0, 2, 3, 7, 6), "x"); });
  refused("another layout", kUnsupported, "tensors must be dense, in the layout of the filter",
          [&](Problem& p) { succeeds(set_x(p, CUDNN_TENSOR_NCHW, 0, 2, 3, 7, 5), "x"); });
  refused("strides of their own", kUnsupported, "tensors must be dense, in the layout of the filter", [&](Problem& p) {
    succeeds(cudnnSetTensor4dDescriptorEx(p.x, CUDNN_DATA_FLOAT, 2, 3, 7, 5, 210, 1, 30, 6), "x");
  });
  refused("another type", kBad, "data types differ",
          [&](Problem& p) { succeeds(set_x(p, nhwc, CUDNN_DATA_BFLOAT16, 2, 3, 7, 5), "x"); });
  refused("another layout of the filter", kUnsupported, "tensors must be dense, in the layout of the filter",
          [&](Problem& p) { succeeds(cudnnSetFilter4dDescriptor(p.w, 0, CUDNN_TENSOR_NCHW, 4, 3, 3, 3), "w"); });
  refused("another filter", kBad, "the output has another height or width",
          [&](Problem& p) { succeeds(cudnnSetFilter4dDescriptor(p.w, 0, nhwc, 4, 3, 1, 3), "w"); });
  refused("other outputs of the filter", kBad, "the output has another batch or other channels",
          [&](Problem& p) { succeeds(cudnnSetFilter4dDescriptor(p.w, 0, nhwc, 5, 3, 3, 3), "w"); });
  const auto convolution = [](const Problem& p, int pad, int stride, int dilation, int type) {
    succeeds(cudnnSetConvolution2dDescriptor(p.convolution, pad, 1, stride, 1, dilation, 1, 1, type), "convolution");
  };
  const std::string extent = "the output has another height or width";
  refused("another padding", kBad, extent, [&](Problem& p) { convolution(p, 0, 1, 1, 0); });
  refused("another stride", kBad, extent, [&](Problem& p) { convolution(p, 1, 2, 1, 0); });
  refused("another dilation", kBad, extent, [&](Problem& p) { convolution(p, 1, 1, 2, 0); });
  refused("another type to compute in", kUnsupported, "the stand-in convolves f32 and bf16, and sums in f32",
          [&](Problem& p) { convolution(p, 1, 1, 1, CUDNN_DATA_DOUBLE); });
  refused("groups", kUnsupported, "the stand-in convolves in one group only",
          [](Problem& p) { succeeds(cudnnSetConvolutionGroupCount(p.convolution, 3), "groups"); });
}

void descriptors_that_are_not_there() {
  const std::string dead = "a descriptor that is not alive", unset = "a descriptor that is not set";
  refused("a destroyed tensor", kBad, dead, [](Problem& p) { succeeds(cudnnDestroyTensorDescriptor(p.x), "destroy"); });
  refused("a destroyed filter", kBad, dead, [](Problem& p) { succeeds(cudnnDestroyFilterDescriptor(p.w), "destroy"); });
  refused("a destroyed convolution", kBad, dead,
          [](Problem& p) { succeeds(cudnnDestroyConvolutionDescriptor(p.convolution), "destroy"); });
  refused("a filter for a tensor", kBad, dead,
          [](Problem& p) { p.y = reinterpret_cast<cudnnTensorDescriptor_t>(p.w); });
  refused("null", kBad, dead, [](Problem& p) { p.y = nullptr; });
  refused("an unset tensor", kBad, unset, [](Problem& p) { succeeds(cudnnCreateTensorDescriptor(&p.x), "create"); });
  refused("an unset filter", kBad, unset, [](Problem& p) { succeeds(cudnnCreateFilterDescriptor(&p.w), "create"); });
  refused("an unset convolution", kBad, unset,
          [](Problem& p) { succeeds(cudnnCreateConvolutionDescriptor(&p.convolution), "create"); });
  refused("a destroyed handle", kBad, "no such handle",
          [](Problem& p) { succeeds(cudnnDestroy(p.handle), "destroy"); });
}

void impossible_descriptors() {
  Problem p(Shape{}, CUDNN_TENSOR_NHWC);
  is(set_x(p, 2, 0, 2, 3, 7, 5), kBad, "no tensor format");
  is(set_x(p, 1, -1, 2, 3, 7, 5), kBad, "no data type");
  is(set_x(p, 1, 0, 0, 3, 7, 5), kBad, "an extent of 0");
  is(cudnnSetTensor4dDescriptorEx(p.x, 0, 1, 1, 1, 1, 1, 1, 0, 1), kBad, "a stride of 0");
  is(cudnnSetFilter4dDescriptor(p.w, 0, 2, 4, 3, 3, 3), kBad, "no filter format");
  is(cudnnSetFilter4dDescriptor(p.w, 0, 1, 4, 3, 0, 3), kBad, "a filter of no rows");
  const auto convolution = [&](int pad, int stride, int dilation, int mode, int type) {
    return cudnnSetConvolution2dDescriptor(p.convolution, pad, 0, stride, 1, dilation, 1, mode, type);
  };
  is(convolution(-1, 1, 1, 1, 0), kBad, "a padding below 0");
  is(convolution(0, 0, 1, 1, 0), kBad, "a stride of 0");
  is(convolution(0, 1, 0, 1, 0), kBad, "a dilation of 0");
  is(convolution(0, 1, 1, 2, 0), kBad, "no mode");
  is(convolution(0, 1, 1, 1, 99), kBad, "no type to compute in");
  is(cudnnSetConvolutionMathType(p.convolution, 4), kBad, "no math type");
  is(cudnnSetConvolutionGroupCount(p.convolution, 0), kBad, "no groups");
  is(cudnnSetStream(p.handle, reinterpret_cast<cudaStream_t>(p.handle)), kBad, "no stream");
  is(cudnnCreateTensorDescriptor(nullptr), kBad, "no place for a descriptor");
}

void output_extents() {
  Problem p(Shape{}, CUDNN_TENSOR_NHWC);
  int n = 0, c = 0, h = 0, w = 0;
  const auto extents = [&](int pad, int stride, int dilation) {
    succeeds(cudnnSetConvolution2dDescriptor(p.convolution, pad, 1, stride, 1, dilation, 1, 1, 0), "convolution");
    return cudnnGetConvolution2dForwardOutputDim(p.convolution, p.x, p.w, &n, &c, &h, &w);
  };
  succeeds(extents(1, 1, 1), "extents");
  that(n == 2 && c == 4 && h == 7 && w == 5, "the same height and width");
  succeeds(extents(0, 2, 2), "extents");
  that(h == 2 && w == 5, "a stride and a dilation");
  is(extents(0, 1, 4), kBad, "a window larger than the input");
  is(extents(0, 3, 4), kBad, "the same with a stride");
}

void arguments() {
  Problem p(Shape{}, CUDNN_TENSOR_NHWC);
  const float one = 1, zero = 0;
  const DeviceFloats workspace(4000);
  const float *const x = p.array(Part::kX), *const w = p.array(Part::kW);
  float* const y = p.array(Part::kY);
  const auto forward = [&](const float* alpha, const void* from, const void* filter, int algorithm, void* scratch,
                           size_t bytes, const float* beta, void* to) {
    return cudnnConvolutionForward(p.handle, alpha, p.x, from, p.w, filter, p.convolution, algorithm, scratch, bytes,
                                   beta, p.y, to);
  };
  const size_t bytes = p.workspace_bytes(Part::kY, 1);
  that(bytes > 0 && bytes < workspace.bytes(), "it needs a workspace");
  succeeds(forward(&one, x, w, 1, workspace, bytes, &zero, y), "all that it needs");
  is(forward(nullptr, x, w, 1, workspace, bytes, &zero, y), kBad, "no alpha");
  is(forward(&one, x, w, 1, workspace, bytes, nullptr, y), kBad, "no beta");
  is(forward(&one, nullptr, w, 1, workspace, bytes, &zero, y), kBad, "no input");
  is(forward(&one, x, nullptr, 1, workspace, bytes, &zero, y), kBad, "no filter");
  is(forward(&one, x, w, 1, workspace, bytes, &zero, nullptr), kBad, "no output");
  is(forward(&one, x, w, 1, workspace, bytes - 1, &zero, y), kBad, "too small a workspace");
  is(forward(&one, x, w, 1, nullptr, bytes, &zero, y), kBad, "no workspace");
  is(forward(&one, x, w, 1, y, bytes, &zero, y), kBad, "a workspace over an array");
  is(forward(&one, x, w, 1, workspace, bytes, &zero, const_cast<float*>(x)), kBad, "an output over the input");
  is(forward(&one, x, w, 8, workspace, bytes, &zero, y), kBad, "no algorithm");
  is(forward(&one, x, w, 4, workspace, bytes, &zero, y), kUnsupported, "an algorithm that is not there");
  succeeds(forward(&one, x, w, 0, nullptr, 0, &zero, y), "an algorithm without a workspace");
  size_t size = 0;
  is(cudnnGetConvolutionForwardWorkspaceSize(p.handle, p.x, p.w, p.convolution, p.y, 4, &size), kUnsupported, "size");
  is(cudnnGetConvolutionForwardWorkspaceSize(p.handle, p.x, p.w, p.convolution, p.y, 1, nullptr), kBad, "no place");
}

// An array that ends before its descriptor does.
void short_arrays() {
  for (Part part : kParts) {
    in_process("a short array", [&] {
      Problem p(Shape{}, CUDNN_TENSOR_NHWC);
      const float one = 1, zero = 0;
      const auto place = [&](Part of) -> float* { return p.array(of) + (part == of ? 1 : 0); };
      succeeds(cudnnConvolutionForward(p.handle, &one, p.x, place(Part::kX), p.w, place(Part::kW), p.convolution, 0,
                                       nullptr, 0, &zero, p.y, place(Part::kY)),
               "the call");
      is(cudaDeviceSynchronize(), cudaErrorIllegalAddress, "the synchronisation");
    });
  }
}

void the_workspace_is_used() {
  Problem p(Shape{}, CUDNN_TENSOR_NHWC);
  const size_t bytes = p.workspace_bytes(Part::kY, 1);
  const DeviceFloats workspace(Floats(bytes / sizeof(float) + 1, 5));
  succeeds(p.call(Part::kY, 1, 1, 0, workspace, bytes), "the call");
  const Floats after = workspace.host();
  that(std::isnan(after.front()) && std::isnan(after[after.size() - 2]) && after.back() == 5, "all of it, and no more");
}

void modes() {
  Shape shape;
  Problem p(shape, CUDNN_TENSOR_NHWC);
  succeeds(p.run(Part::kY, 1), "cross-correlation");
  const Floats correlation = p.host(Part::kY);
  succeeds(cudnnSetConvolution2dDescriptor(p.convolution, 1, 1, 1, 1, 1, 1, CUDNN_CONVOLUTION, 0), "convolution");
  succeeds(p.run(Part::kY, 1), "convolution");
  that(p.host(Part::kY) != correlation, "flipped");
}

void math_types() {
  for (Part part : kParts) {
    Problem p(Shape{}, CUDNN_TENSOR_NHWC);
    const auto result = [&](int math_type) {
      succeeds(cudnnSetConvolutionMathType(p.convolution, math_type), "math type");
      succeeds(p.run(part, 1), "the call");
      return p.host(part);
    };
    const Floats exact = result(CUDNN_FMA_MATH), reduced = result(CUDNN_TENSOR_OP_MATH);
    that(exact == result(CUDNN_FMA_MATH), "the same every time");
    that(reduced == result(CUDNN_DEFAULT_MATH), "TF32 by default");
    double difference = 0;
    for (size_t i = 0; i < exact.size(); ++i)
      difference = std::max(difference, std::abs(double(exact[i] - reduced[i])));
    that(difference > 1e-5 && difference < 1e-1, "TF32 is less exact by " + std::to_string(difference));
  }
  Problem untouched(Shape{}, CUDNN_TENSOR_NHWC);
  succeeds(untouched.run(Part::kY, 1), "the call");
  const Floats exact = untouched.host(Part::kY);
  succeeds(cudnnCreateConvolutionDescriptor(&untouched.convolution), "create");
  succeeds(untouched.set_convolution(), "a descriptor without a math type");
  succeeds(untouched.run(Part::kY, 1), "the call");
  that(untouched.host(Part::kY) != exact, "TF32 where nothing is said");
}

// bf16 runs on tensor cores or not at all.
void bf16_without_tensor_cores() {
  Problem p(Shape{}, CUDNN_TENSOR_NHWC, CUDNN_DATA_BFLOAT16);
  succeeds(p.run(Part::kY, 1), "on tensor cores");
  succeeds(cudnnSetConvolutionMathType(p.convolution, CUDNN_FMA_MATH), "math type");
  is(p.call(Part::kY, 1, 1, 0, nullptr, 0), kUnsupported, "without");
}

AlgorithmPerformance results[16];

int rank(const Problem& p, Part part, int requested, int* returned) {
  return part == Part::kY   ? cudnnGetConvolutionForwardAlgorithm_v7(p.handle, p.x, p.w, p.convolution, p.y, requested,
                                                                     returned, results)
         : part == Part::kX ? cudnnGetConvolutionBackwardDataAlgorithm_v7(p.handle, p.w, p.y, p.convolution, p.x,
                                                                          requested, returned, results)
                            : cudnnGetConvolutionBackwardFilterAlgorithm_v7(p.handle, p.x, p.y, p.convolution, p.w,
                                                                            requested, returned, results);
}

// Determinism and math type are what the results say, whatever algorithm is run.
void algorithms() {
  for (Part part : kParts) {
    for (int math_type : {CUDNN_FMA_MATH, CUDNN_DEFAULT_MATH}) {
      Problem p(Shape{}, CUDNN_TENSOR_NHWC);
      succeeds(cudnnSetConvolutionMathType(p.convolution, math_type), "math type");
      int count = 0;
      succeeds(rank(p, part, 16, &count), "the choice");
      that(count >= 3, "several");
      that(results[0].determinism == CUDNN_NON_DETERMINISTIC || results[0].math_type == CUDNN_TENSOR_OP_MATH,
           "the first is a trap");
      bool safe = false;
      for (int i = 0; i < count; ++i) {
        const AlgorithmPerformance& result = results[i];
        if (i > 0) that(result.time > results[i - 1].time, "the fastest first");
        succeeds(result.status, "all are for this shape");
        that(result.memory == p.workspace_bytes(part, result.algorithm), "the memory is the workspace's");
        safe |= result.determinism == CUDNN_DETERMINISTIC && result.math_type == CUDNN_FMA_MATH;
        Problem again(Shape{}, CUDNN_TENSOR_NHWC);
        succeeds(again.run(part, result.algorithm), "a run");
        const Floats first = again.host(part);
        succeeds(again.run(part, result.algorithm), "another run");
        const Floats second = again.host(part);
        that((first == second) == (result.determinism == CUDNN_DETERMINISTIC), "as deterministic as it says");
        for (size_t j = 0; j < first.size(); ++j)
          near(second[j], first[j], 2 * kEps * std::abs(first[j]), "a last bit");
      }
      that(safe, "one is what a careful caller wants");
      succeeds(rank(p, part, 2, &count), "the choice of two");
      that(count == 2, "two");
      is(rank(p, part, 0, &count), kBad, "the choice of none");
    }
  }
}

void algorithms_that_are_not_for_the_shape() {
  Shape shape;
  shape.stride_h = shape.stride_w = 2;
  Problem p(shape, CUDNN_TENSOR_NHWC);
  for (Part part : kParts) {
    int count = 0;
    succeeds(rank(p, part, 16, &count), "the choice");
    const AlgorithmPerformance& last = results[count - 1];
    that(last.status == kUnsupported && last.time == -1, "what is not for this shape comes last, and says so");
  }
}

void trying() {
  Problem p(Shape{}, CUDNN_TENSOR_NHWC);
  const DeviceFloats workspace(Floats(4000, 5));
  int count = 0;
  const auto find = [&](size_t bytes) {
    return cudnnFindConvolutionForwardAlgorithmEx(p.handle, p.x, p.array(Part::kX), p.w, p.array(Part::kW),
                                                  p.convolution, p.y, p.array(Part::kY), 16, &count, results, workspace,
                                                  bytes);
  };
  succeeds(find(0), "without a workspace");
  that(count == 1 && results[0].memory == 0, "one that needs none");
  succeeds(find(workspace.bytes()), "with a workspace");
  that(count == 4, "all");
  that(std::isnan(p.host(Part::kY)[0]) && std::isnan(workspace.host()[0]), "result and workspace are spoilt");
}

void an_algorithm_that_is_refused_after_all() {
  Problem p(Shape{}, CUDNN_TENSOR_NHWC);
  const DeviceFloats workspace(4000);
  standin::word(standin::kRefusedAlgorithm) = 1 + kExactAlgorithm;
  int proposed = 0, tried = 0;
  for (Part part : kParts) {
    succeeds(rank(p, part, 16, &proposed), "the choice");
    for (int i = 0; i < proposed; ++i) succeeds(results[i].status, "it is proposed");
    is(p.run(part, kExactAlgorithm), kUnsupported, "a run");
    that(last_error() == "an algorithm that does not run this after all", last_error());
    succeeds(p.run(part, 0), "a run of another");
  }
  succeeds(rank(p, Part::kY, 16, &proposed), "the choice");
  succeeds(
      cudnnFindConvolutionForwardAlgorithmEx(p.handle, p.x, p.array(Part::kX), p.w, p.array(Part::kW), p.convolution,
                                             p.y, p.array(Part::kY), 16, &tried, results, workspace, workspace.bytes()),
      "a trial");
  that(tried == proposed, "all were tried");
  for (int i = 0; i < tried; ++i) {
    is(results[i].status, results[i].algorithm == kExactAlgorithm ? kUnsupported : 0, "what the trial says");
  }
}

void in_its_stream() {
  Problem p(Shape{}, CUDNN_TENSOR_NHWC);
  const cudaStream_t stream = new_stream();
  succeeds(cudnnSetStream(p.handle, stream), "cudnnSetStream");
  const Floats before = p.host(Part::kY);
  succeeds(p.call(Part::kY, 0, 1, 0, nullptr, 0), "the call");
  that(p.host(Part::kY) == before, "it waits in its stream");
  succeeds(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
  const Floats result = p.host(Part::kY);
  that(result != before, "and then runs");
  succeeds(p.call(Part::kX, 0, 1, 0, nullptr, 0), "the first call of this algorithm");
  succeeds(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
  succeeds(p.call(Part::kY, 2, 1, 0, nullptr, 0) == kBad ? 0 : 1, "a refusal");
  is(p.call(Part::kW, 0, 1, 0, nullptr, 0), CUDNN_STATUS_EXECUTION_FAILED, "one that was never called");
  that(last_error() == "the first call of an algorithm is during a capture", last_error());
  succeeds(p.call(Part::kX, 0, 1, 0, nullptr, 0), "the call");
  cudaGraph_t graph = nullptr;
  size_t nodes = 0;
  succeeds(cudaStreamEndCapture(stream, &graph), "cudaStreamEndCapture");
  succeeds(cudaGraphGetNodes(graph, nullptr, &nodes), "cudaGraphGetNodes");
  that(nodes == 1, "it is captured");
  cudaGraphExec_t executable = nullptr;
  succeeds(cudaGraphInstantiate(&executable, graph, 0), "cudaGraphInstantiate");
  Floats last;
  for (int i = 0; i < 2; ++i) {
    succeeds(cudaGraphLaunch(executable, stream), "cudaGraphLaunch");
    succeeds(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
    const Floats now = p.host(Part::kX);
    that(now != last, "a replay is as indeterministic as a call");
    last = now;
  }
}

}  // namespace

int main() {
  descriptors_that_do_not_fit();
  descriptors_that_are_not_there();
  in_process("impossible descriptors", impossible_descriptors);
  in_process("output extents", output_extents);
  in_process("arguments", arguments);
  short_arrays();
  in_process("the workspace", the_workspace_is_used);
  in_process("modes", modes);
  in_process("math types", math_types);
  in_process("bf16 without tensor cores", bf16_without_tensor_cores);
  in_process("algorithms", algorithms);
  in_process("algorithms for other shapes", algorithms_that_are_not_for_the_shape);
  in_process("trying", trying);
  in_process("an algorithm that is refused", an_algorithm_that_is_refused_after_all);
  in_process("in its stream", in_its_stream);
  return report();
}
