#include "standin/convolution.h"

#include "standin/arithmetic.h"

namespace standin {

namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

// A tensor's elements with its axes in another order, outermost first, dense.
Floats gathered(const Tensor& tensor, const std::array<size_t, 4>& order, const float* data, bool tf32_only) {
  std::array<int64_t, 4> extent, stride;
  for (size_t i = 0; i < 4; ++i) extent[i] = tensor.extent[order[i]], stride[i] = tensor.stride[order[i]];
  Floats values;
  values.reserve(size_t(extent[0] * extent[1] * extent[2] * extent[3]));
  for (int64_t a = 0; a < extent[0]; ++a) {
    for (int64_t b = 0; b < extent[1]; ++b) {
      for (int64_t c = 0; c < extent[2]; ++c) {
        const float* const row = data + a * stride[0] + b * stride[1] + c * stride[2];
        for (int64_t d = 0; d < extent[3]; ++d) {
          values.push_back(tf32_only ? tf32(row[d * stride[3]]) : row[d * stride[3]]);
        }
      }
    }
  }
  return values;
}

// The reverse of it, for sums.
void scatter(const Doubles& sums, const Tensor& tensor, const std::array<size_t, 4>& order, const Arrays& arrays,
             uint64_t disturbance, float* data) {
  std::array<int64_t, 4> extent, stride;
  for (size_t i = 0; i < 4; ++i) extent[i] = tensor.extent[order[i]], stride[i] = tensor.stride[order[i]];
  size_t next = 0;
  for (int64_t a = 0; a < extent[0]; ++a) {
    for (int64_t b = 0; b < extent[1]; ++b) {
      for (int64_t c = 0; c < extent[2]; ++c) {
        float* const row = data + a * stride[0] + b * stride[1] + c * stride[2];
        for (int64_t d = 0; d < extent[3]; ++d, ++next) {
          float* const to = row + d * stride[3];
          const float value = blended(sums[next], arrays.alpha, arrays.beta, to);
          *to = disturbance == 0 ? value : disturbed(value, disturbance, next);
        }
      }
    }
  }
}

constexpr std::array<size_t, 4> kChannelsLast = {0, 2, 3, 1};   // n h w c
constexpr std::array<size_t, 4> kFilterForward = {2, 3, 1, 0};  // r s c k
constexpr std::array<size_t, 4> kFilterData = {2, 3, 0, 1};     // r s k c

// A row of so many scalars times a matrix, added to sums of so many columns.
EIDER_INLINE void add_product(int64_t scalars, int64_t columns, const float* row, const float* matrix, double* sums) {
  for (int64_t i = 0; i < scalars; ++i) add_scaled(columns, double(row[i]), matrix + i * columns, sums);
}

}  // namespace

int64_t output_extent(const Convolution& convolution, const Tensor& x, const Filter& w, size_t axis) {
  const int64_t window = (w.extent[axis + 2] - 1) * convolution.dilation[axis] + 1;
  return (x.extent[axis + 2] + 2 * convolution.pad[axis] - window) / convolution.stride[axis] + 1;
}

namespace {

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
    for (int64_t i = 0; i < c; ++i) {
      add_scaled(k, double(x[from * c + i]), y + to * k, w + (tap * c + i) * k);
    }
  });
}

}  // namespace

void convolve(const Operation& o, const Arrays& arrays, const Inexactness& inexactness) {
  const Tensor& result = o.result();
  Doubles sums(size_t(result.extent[0] * result.extent[1] * result.extent[2] * result.extent[3]));
  const bool tf32 = inexactness.tf32;
  switch (o.direction) {
    case Direction::kForward:
      forward(o, gathered(o.x, kChannelsLast, arrays.x, tf32).data(),
              gathered(o.w, kFilterForward, arrays.w, tf32).data(), sums.data());
      scatter(sums, o.y, kChannelsLast, arrays, inexactness.disturbance, const_cast<float*>(arrays.y));
      break;
    case Direction::kBackwardData:
      backward_data(o, gathered(o.y, kChannelsLast, arrays.y, tf32).data(),
                    gathered(o.w, kFilterData, arrays.w, tf32).data(), sums.data());
      scatter(sums, o.x, kChannelsLast, arrays, inexactness.disturbance, const_cast<float*>(arrays.x));
      break;
    case Direction::kBackwardFilter:
      backward_filter(o, gathered(o.x, kChannelsLast, arrays.x, tf32).data(),
                      gathered(o.y, kChannelsLast, arrays.y, tf32).data(), sums.data());
      scatter(sums, o.w, kFilterForward, arrays, inexactness.disturbance, const_cast<float*>(arrays.w));
      break;
  }
}

}  // namespace standin
