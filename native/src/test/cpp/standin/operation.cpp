#include "standin/operation.h"

namespace standin {

int describe(Direction direction, const Descriptors& descriptors, Operation* operation) {
  const Tensor *const x = tensors().find(descriptors.x), *const y = tensors().find(descriptors.y);
  const Filter* const w = filters().find(descriptors.w);
  const Convolution* const convolution = convolutions().find(descriptors.convolution);
  if (x == nullptr || y == nullptr || w == nullptr || convolution == nullptr) {
    return bad_parameter("a descriptor that is not alive");
  }
  if (!x->set || !y->set || !w->set || !convolution->set) return bad_parameter("a descriptor that is not set");
  *operation = {direction, *x, *y, *w, *convolution};
  if (x->type != y->type || x->type != w->type) return bad_parameter("data types differ");
  if ((x->type != CUDNN_DATA_FLOAT && x->type != CUDNN_DATA_BFLOAT16) || convolution->type != CUDNN_DATA_FLOAT) {
    return not_supported("the stand-in convolves f32 and bf16, and sums in f32");
  }
  if (x->type == CUDNN_DATA_BFLOAT16 && convolution->math_type == CUDNN_FMA_MATH) {
    return not_supported("bf16 is for tensor cores, which the descriptor forbids");
  }
  if (convolution->groups != 1) return not_supported("the stand-in convolves in one group only");
  if (x->extent[1] != w->extent[1]) return bad_parameter("the filter has other channels than the input");
  if (y->extent[0] != x->extent[0] || y->extent[1] != w->extent[0]) {
    return bad_parameter("the output has another batch or other channels");
  }
  for (size_t axis : {0, 1}) {
    if (y->extent[axis + 2] != output_extent(*convolution, *x, *w, axis)) {
      return bad_parameter("the output has another height or width");
    }
  }
  const bool laid_out = w->format == CUDNN_TENSOR_NHWC ? x->channels_last() && y->channels_last()
                                                       : x->channels_first() && y->channels_first();
  if (!laid_out) return not_supported("tensors must be dense, in the layout of the filter");
  return CUDNN_STATUS_SUCCESS;
}

int choose(const Operation& operation, int number, const Algorithm** algorithm) {
  if (number < 0 || number > 7) return bad_parameter("no such algorithm");
  *algorithm = find_algorithm(operation.direction, number);
  if (*algorithm == nullptr || !(*algorithm)->supports(operation)) {
    return not_supported("an algorithm that is not for this convolution");
  }
  if (operation.convolution.math_type == CUDNN_TENSOR_OP_MATH && !(*algorithm)->tensor_cores) {
    return not_supported("an algorithm without tensor cores, under their arithmetic");
  }
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace standin
