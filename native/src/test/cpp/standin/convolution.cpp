#include "standin/convolution.h"

#include "standin/arithmetic.h"

namespace standin {

namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

// Axes in the order of a walk, outermost first.
using Order = std::array<size_t, 4>;
constexpr Order kChannelsLast = {0, 2, 3, 1};   // n h w c
constexpr Order kFilterForward = {2, 3, 1, 0};  // r s c k
constexpr Order kFilterData = {2, 3, 0, 1};     // r s k c

// Calls act with the place of every element.
template <class Act>
void for_each_element(const Tensor& tensor, const Order& order, const Act& act) {
  std::array<int64_t, 4> extent, stride;
  for (size_t i = 0; i < 4; ++i) {
    extent[i] = tensor.extent[order[i]];
    stride[i] = tensor.stride[order[i]];
  }
  for (int64_t a = 0; a < extent[0]; ++a) {
    for (int64_t b = 0; b < extent[1]; ++b) {
      for (int64_t c = 0; c < extent[2]; ++c) {
        const int64_t row = a * stride[0] + b * stride[1] + c * stride[2];
        for (int64_t d = 0; d < extent[3]; ++d) act(row + d * stride[3]);
      }
    }
  }
}

size_t elements(const Tensor& tensor) {
  return size_t(tensor.extent[0] * tensor.extent[1] * tensor.extent[2] * tensor.extent[3]);
}

float load(const Tensor& tensor, const void* data, int64_t at) {
  return tensor.type == CUDNN_DATA_BFLOAT16 ? of_bfloat16(static_cast<const uint16_t*>(data)[at])
                                            : static_cast<const float*>(data)[at];
}

void store(const Tensor& tensor, void* data, int64_t at, float value) {
  if (tensor.type == CUDNN_DATA_BFLOAT16) {
    static_cast<uint16_t*>(data)[at] = bfloat16(value);
  } else {
    static_cast<float*>(data)[at] = value;
  }
}

Floats gathered(const Tensor& tensor, const Order& order, const void* data, bool to_tf32) {
  Floats values;
  values.reserve(elements(tensor));
  for_each_element(tensor, order, [&](int64_t at) {
    const float value = load(tensor, data, at);
    values.push_back(to_tf32 ? tf32(value) : value);
  });
  return values;
}

void scatter(const Doubles& sums, const Tensor& tensor, const Order& order, const Arrays& arrays, uint64_t disturbance,
             const void* to) {
  void* const data = const_cast<void*>(to);
  size_t next = 0;
  for_each_element(tensor, order, [&](int64_t at) {
    const float old = load(tensor, data, at);
    const float value = blended(sums[next], arrays.alpha, arrays.beta, &old);
    store(tensor, data, at, disturbance == 0 ? value : disturbed(value, disturbance, next));
    ++next;
  });
}

// A row of so many scalars times a matrix, added to sums of so many columns.
EIDER_INLINE void add_product(int64_t scalars, int64_t columns, const float* row, const float* matrix, double* sums) {
  for (int64_t i = 0; i < scalars; ++i) add_scaled(columns, double(row[i]), matrix + i * columns, sums);
}

// Calls act(x's pixel, y's pixel, the filter's tap) for all that meet.
template <class Act>
EIDER_INLINE void for_each_meeting(const Operation& o, const Act& act) {
  const int64_t batch = o.x.extent[0], height = o.x.extent[2], width = o.x.extent[3];
  const int64_t rows = o.w.extent[2], columns = o.w.extent[3], p_end = o.y.extent[2], q_end = o.y.extent[3];
  const bool flipped = o.convolution.mode == CUDNN_CONVOLUTION;
  for (int64_t n = 0; n < batch; ++n) {
    for (int64_t p = 0; p < p_end; ++p) {
      for (int64_t r = 0; r < rows; ++r) {
        const int64_t h = p * o.convolution.stride[0] - o.convolution.pad[0] + r * o.convolution.dilation[0];
        if (h < 0 || h >= height) continue;
        for (int64_t q = 0; q < q_end; ++q) {
          for (int64_t s = 0; s < columns; ++s) {
            const int64_t w = q * o.convolution.stride[1] - o.convolution.pad[1] + s * o.convolution.dilation[1];
            if (w < 0 || w >= width) continue;
            const int64_t tap = r * columns + s;
            act((n * height + h) * width + w, (n * p_end + p) * q_end + q, flipped ? rows * columns - 1 - tap : tap);
          }
        }
      }
    }
  }
}

EIDER_CLONES void forward(const Operation& o, const float* x, const float* w, double* y) {
  const int64_t k = o.w.extent[0], c = o.w.extent[1];
  for_each_meeting(o, [&](int64_t from, int64_t to, int64_t tap)
                          EIDER_LAMBDA { add_product(c, k, x + from * c, w + tap * c * k, y + to * k); });
}

EIDER_CLONES void backward_data(const Operation& o, const float* y, const float* w, double* x) {
  const int64_t k = o.w.extent[0], c = o.w.extent[1];
  for_each_meeting(o, [&](int64_t to, int64_t from, int64_t tap)
                          EIDER_LAMBDA { add_product(k, c, y + from * k, w + tap * c * k, x + to * c); });
}

EIDER_CLONES void backward_filter(const Operation& o, const float* x, const float* y, double* w) {
  const int64_t k = o.w.extent[0], c = o.w.extent[1];
  for_each_meeting(o, [&](int64_t from, int64_t to, int64_t tap) EIDER_LAMBDA {
    for (int64_t i = 0; i < c; ++i) add_scaled(k, double(x[from * c + i]), y + to * k, w + (tap * c + i) * k);
  });
}

}  // namespace

int64_t output_extent(const Convolution& convolution, const Tensor& x, const Filter& w, size_t axis) {
  const int64_t window = (w.extent[axis + 2] - 1) * convolution.dilation[axis] + 1;
  const int64_t room = x.extent[axis + 2] + 2 * convolution.pad[axis] - window;
  return room < 0 ? 0 : room / convolution.stride[axis] + 1;
}

void convolve(const Operation& o, const Arrays& arrays, const Inexactness& inexactness) {
  Doubles sums(elements(o.result()));
  const bool tf32 = inexactness.tf32;
  const uint64_t disturbance = inexactness.disturbance;
  switch (o.direction) {
    case Direction::kForward:
      forward(o, gathered(o.x, kChannelsLast, arrays.x, tf32).data(),
              gathered(o.w, kFilterForward, arrays.w, tf32).data(), sums.data());
      scatter(sums, o.y, kChannelsLast, arrays, disturbance, arrays.y);
      break;
    case Direction::kBackwardData:
      backward_data(o, gathered(o.y, kChannelsLast, arrays.y, tf32).data(),
                    gathered(o.w, kFilterData, arrays.w, tf32).data(), sums.data());
      scatter(sums, o.x, kChannelsLast, arrays, disturbance, arrays.x);
      break;
    case Direction::kBackwardFilter:
      backward_filter(o, gathered(o.x, kChannelsLast, arrays.x, tf32).data(),
                      gathered(o.y, kChannelsLast, arrays.y, tf32).data(), sums.data());
      scatter(sums, o.w, kFilterForward, arrays, disturbance, arrays.w);
      break;
  }
}

}  // namespace standin
