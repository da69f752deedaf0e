// The convolutions against a textbook's, in both layouts and all three directions.
#include "standin/cudnn_fixture.h"

namespace {

using namespace check;

// As a textbook has it: y[n,k,p,q] is the sum over c, r, s of x[n,c,h,w] * w[k,c,r,s]; the two gradients follow.
void textbook(const Shape& s, const Doubles& x, const Doubles& w, const Doubles& y, Doubles* sums, Part result) {
  for (int n = 0; n < s.batch; ++n) {
    for (int k = 0; k < s.outputs; ++k) {
      for (int p = 0; p < s.rows(); ++p) {
        for (int q = 0; q < s.columns(); ++q) {
          for (int c = 0; c < s.inputs; ++c) {
            for (int r = 0; r < s.filter_rows; ++r) {
              for (int t = 0; t < s.filter_columns; ++t) {
                const int h = p * s.stride_h - s.pad_h + r * s.dilation_h;
                const int v = q * s.stride_w - s.pad_w + t * s.dilation_w;
                if (h < 0 || h >= s.height || v < 0 || v >= s.width) continue;
                const size_t at_x = size_t(((n * s.inputs + c) * s.height + h) * s.width + v);
                const size_t at_y = size_t(((n * s.outputs + k) * s.rows() + p) * s.columns() + q);
                const int row = s.flipped ? s.filter_rows - 1 - r : r;
                const int column = s.flipped ? s.filter_columns - 1 - t : t;
                const size_t at_w = size_t(((k * s.inputs + c) * s.filter_rows + row) * s.filter_columns + column);
                if (result == Part::kX) (*sums)[at_x] += y[at_y] * w[at_w];
                if (result == Part::kW) (*sums)[at_w] += y[at_y] * x[at_x];
                if (result == Part::kY) (*sums)[at_y] += x[at_x] * w[at_w];
              }
            }
          }
        }
      }
    }
  }
}

void against_the_textbook(const Shape& shape, int format, int type, Part part, float alpha, float beta) {
  Problem problem(shape, format, type);
  const Floats before = problem.host(part);
  succeeds(problem.run(part, kExactAlgorithm, alpha, beta), "the call");
  const Floats result = problem.host(part);
  Doubles sums(result.size(), 0.0);
  const auto wide = [](const Floats& values) { return Doubles(values.begin(), values.end()); };
  textbook(shape, wide(problem.values(Part::kX)), wide(problem.values(Part::kW)), wide(problem.values(Part::kY)), &sums,
           part);
  for (size_t i = 0; i < sums.size(); ++i) {
    const double expected = alpha * sums[i] + (beta == 0 ? 0 : double(beta) * double(before[i]));
    near(result[i], expected, kEps * std::abs(expected) * (type == CUDNN_DATA_FLOAT ? 1 : 1 << 16) + 1e-12,
         "element " + std::to_string(i));
  }
}

void all_ways(const Shape& shape) {
  for (int format : {CUDNN_TENSOR_NCHW, CUDNN_TENSOR_NHWC}) {
    for (Part part : {Part::kX, Part::kW, Part::kY}) {
      for (int type : {CUDNN_DATA_FLOAT, CUDNN_DATA_BFLOAT16}) {
        against_the_textbook(shape, format, type, part, 1, 0);
        against_the_textbook(shape, format, type, part, -0.5f, 3);
      }
    }
  }
}

void strides_and_pads() {
  for (int stride : {1, 2, 3}) {
    for (int pad : {0, 1, 2}) {
      Shape shape;
      shape.stride_h = shape.stride_w = stride;
      shape.pad_h = shape.pad_w = pad;
      all_ways(shape);
    }
  }
}

void other_shapes() {
  Shape point;
  point.filter_rows = point.filter_columns = 1;
  all_ways(point);
  Shape unequal;
  unequal.filter_columns = 2;
  unequal.stride_w = 2;
  unequal.pad_h = 2;
  unequal.dilation_h = 2;
  all_ways(unequal);
  Shape flipped;
  flipped.flipped = true;
  all_ways(flipped);
  Shape wide;
  wide.inputs = 17;
  wide.outputs = 33;
  all_ways(wide);
  Shape whole;
  whole.filter_rows = whole.height;
  whole.filter_columns = whole.width;
  all_ways(whole);
}

// A result without a beta is written over whatever is there.
void not_a_number_before() {
  for (Part part : {Part::kX, Part::kW, Part::kY}) {
    Problem problem(Shape{}, CUDNN_TENSOR_NHWC);
    problem.spoil(part);
    succeeds(problem.run(part, kExactAlgorithm, 1, 0), "the call");
    for (float value : problem.host(part)) that(std::isfinite(value), "beta 0 does not look");
    problem.spoil(part);
    succeeds(problem.run(part, kExactAlgorithm, 1, 1), "the call");
    for (float value : problem.host(part)) that(std::isnan(value), "beta 1 does");
  }
}

}  // namespace

int main() {
  in_process("strides and pads", strides_and_pads);
  in_process("other shapes", other_shapes);
  in_process("not a number before", not_a_number_before);
  return report();
}
