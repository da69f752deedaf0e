// Batch normalisation over rows x channels (rows = N*H*W, channels contiguous): forward, gradient, tangent, with the
// residual add and the ReLU that follow it fused. Formulas: rows/batch_norm_rows.h.
//
// Every kernel reads its inputs once for sums over the rows and once more to write its output, since each output
// depends on all rows. Arrays of that size are f32 or bf16 (T below), everything of a channel is f32. Elements moved at
// the least, in units of rows channels (+1 for a residual, read or written):
//   forward   x | x -> y                      3
//   gradient  x gy | x gy -> gx               5     with relu, which masks by y:   x gy y | x gy y -> gx   7
//             (with gresidual the first pass writes the masked gy there and the second reads it: 7 with relu, too)
//   tangent   x tx | x tx -> ty               5     with relu:                     x tx | x tx y -> ty     6
//
// Statistics: mean and squared deviations M2 of each block of rows, merged in f64 by Chan's rule  M2 = sum_b M2_b + n_b
// (mean_b - mean)^2.  Never E[x^2] - E[x]^2, which cancels when the mean is large.
#include <cmath>

#include "cpu/clones.h"
#include "cpu/columns.h"
#include "cpu/panels.h"
#include "cpu/parallel.h"
#include "rows/batch_norm_rows.h"
#include "rows/bfloat16.h"

namespace {

using namespace eider;
using rows::bfloats;
using rows::ChannelLinear;

// Two partial results per block and channel, f32, and a shift to compute them by; totals in f64; three coefficients per
// channel for the second pass.
struct Workspace {
  int64_t blocks, channels;
  double* totals;   // (2, channels)
  float* linear;    // (3, channels)
  float* partials;  // (blocks, 3, channels)

  Workspace(int64_t row_count, int64_t channels, void* memory)
      : blocks(block_count(row_count, channels)),
        channels(channels),
        totals(static_cast<double*>(memory)),
        linear(reinterpret_cast<float*>(totals + 2 * channels)),
        partials(linear + 3 * channels) {}

  static int64_t bytes(int64_t row_count, int64_t channels) {
    return (2 * 8 + 3 * 4 + block_count(row_count, channels) * 3 * 4) * channels;
  }

  float* first(int64_t block) const { return partials + 3 * block * channels; }
  float* second(int64_t block) const { return first(block) + channels; }
  float* third(int64_t block) const { return first(block) + 2 * channels; }
};

struct Rows {
  int64_t begin, end;
};

EIDER_INLINE Rows rows_of_blocks(Range blocks, int64_t row_count, int64_t channels) {
  const int64_t per_block = rows_per_block(channels);
  return {blocks.begin * per_block, std::min(blocks.end * per_block, row_count)};
}

// The second pass goes backwards in steps of this many blocks (256 KiB of an array): what the first pass read last is
// still cached, and the step is large against spreading the coefficients.
constexpr int64_t kStepBlocks = 16;

// reduce(blocks), then finish() once, then apply(rows): the same thread gets the same rows both times, so that what
// fits its caches is still there.
template <class Reduce, class Finish, class Apply>
void reduce_then_apply(int64_t row_count, int64_t channels, Reduce reduce, Finish finish, Apply apply) {
  const int64_t blocks = block_count(row_count, channels);
  const int threads = threads_for(row_count * channels, blocks);
#pragma omp parallel num_threads(threads)
  {
    const Range mine = my_share(blocks);
    reduce(mine);
#pragma omp barrier
#pragma omp single
    finish();
    for (int64_t end = mine.end; end > mine.begin; end -= kStepBlocks) {
      apply(rows_of_blocks({std::max(end - kStepBlocks, mine.begin), end}, row_count, channels));
    }
  }
}

// x, or 0 unless it is kept. In bits, since of ?: the compiler makes branches, threads them through the rounding to
// bf16, and has twice the vector code to compute and to choose from.
EIDER_INLINE float zero_unless(bool kept, float x) { return rows::float_of(rows::bits_of(x) & -uint32_t(kept)); }

// ---- sums over rows ----

// Adds the rows [begin, end) to their channels' sums.
template <class T>
EIDER_INLINE void add_rows(int64_t begin, int64_t end, int64_t channels, const T* x, float* sums) {
  for_panels(begin, end, channels, [=](const Panel& panel) EIDER_LAMBDA {
    with_width(panel, [=](int width) EIDER_LAMBDA {
      float sum[kPanelWidth] = {};
      for (int64_t l = 0; l < panel.lines; ++l) {
        const T* line = x + panel.offset + l * panel.stride;
        for_columns<T>(width, [&](auto column) EIDER_LAMBDA { sum[column.slot] += column.of(line); });
      }
      gather<T>(panel, channels, sum, sums);
    });
  });
}

// Mean and M2 of each block of n rows, from sums over d = x - s, where s is the mean of the first k = n/8 rows:
//   mean = s + sum d / n,   M2 = sum d^2 - (sum d)^2 / n.
// The difference loses a factor 1 + n (mean - s)^2 / M2, at most 1 + n/k = 9 whatever the data, since the deviations of
// those k rows are part of M2. Two full passes over the block would lose nothing, and take a third more time.
template <class T>
EIDER_CLONES void block_moments(Range blocks, int64_t row_count, const Workspace& w, const T* x) {
  const int64_t channels = w.channels;
  for (int64_t b = blocks.begin; b < blocks.end; ++b) {
    const Rows block = rows_of_blocks({b, b + 1}, row_count, channels);
    const int64_t rows = block.end - block.begin, first_rows = (rows + 7) / 8;
    float* mean = w.first(b);
    float* m2 = w.second(b);
    float* shift = w.third(b);
    std::fill_n(mean, 3 * channels, 0.0f);
    add_rows(block.begin, block.begin + first_rows, channels, x, shift);
    const float per_first = 1.0f / float(first_rows);
    EIDER_SIMD for (int64_t c = 0; c < channels; ++c) shift[c] *= per_first;
    for_panels(block.begin, block.end, channels, [=](const Panel& panel) EIDER_LAMBDA {
      with_width(panel, [=](int width) EIDER_LAMBDA {
        float center[kPanelWidth], sum[kPanelWidth] = {}, square[kPanelWidth] = {};
        spread<T>(panel, channels, shift, center);
        for (int64_t l = 0; l < panel.lines; ++l) {
          const T* line = x + panel.offset + l * panel.stride;
          for_columns<T>(width, [&](auto column) EIDER_LAMBDA {
            const int j = column.slot;
            const float d = column.of(line) - center[j];
            sum[j] += d;
            square[j] += d * d;
          });
        }
        gather<T>(panel, channels, sum, mean);
        gather<T>(panel, channels, square, m2);
      });
    });
    const float per_row = 1.0f / float(rows);
    EIDER_SIMD for (int64_t c = 0; c < channels; ++c) {
      const float sum = mean[c];
      mean[c] = shift[c] + sum * per_row;
      const float rest = m2[c] - sum * (sum * per_row);
      // Rounding may leave less than nothing of a constant channel; written so that NaN stays.
      m2[c] = rest < 0.0f ? 0.0f : rest;
    }
  }
}

// Merges the blocks in order: mean and biased variance.
EIDER_CLONES void merge_moments(int64_t row_count, const Workspace& w, float* mean, float* variance) {
  const int64_t channels = w.channels;
  double* center = w.totals;
  double* m2 = w.totals + channels;
  std::fill_n(center, 2 * channels, 0.0);
  for (int64_t b = 0; b < w.blocks; ++b) {
    const Rows block = rows_of_blocks({b, b + 1}, row_count, channels);
    const double weight = double(block.end - block.begin) / double(row_count);
    EIDER_SIMD for (int64_t c = 0; c < channels; ++c) center[c] += weight * double(w.first(b)[c]);
  }
  for (int64_t b = 0; b < w.blocks; ++b) {
    const Rows block = rows_of_blocks({b, b + 1}, row_count, channels);
    const double count = double(block.end - block.begin);
    EIDER_SIMD for (int64_t c = 0; c < channels; ++c) {
      const double d = double(w.first(b)[c]) - center[c];
      m2[c] += double(w.second(b)[c]) + count * d * d;
    }
  }
  for (int64_t c = 0; c < channels; ++c) {
    mean[c] = float(center[c]);
    variance[c] = float(m2[c] / double(row_count));
  }
}

// Sums of u and u (x - mean) over each block, where u is masked by y > 0 if kMask, and then kept if kKeep.
template <bool kMask, bool kKeep, class T>
EIDER_INLINE void block_sums(Range blocks, int64_t row_count, const Workspace& w, const T* x, const float* mean,
                             const T* u, const T* y, T* kept) {
  const int64_t channels = w.channels;
  for (int64_t b = blocks.begin; b < blocks.end; ++b) {
    const Rows block = rows_of_blocks({b, b + 1}, row_count, channels);
    float* sum_u = w.first(b);
    float* sum_ux = w.second(b);
    std::fill_n(sum_u, 2 * channels, 0.0f);
    for_panels(block.begin, block.end, channels, [=](const Panel& panel) EIDER_LAMBDA {
      with_width(panel, [=](int width) EIDER_LAMBDA {
        float center[kPanelWidth], plain[kPanelWidth] = {}, centered[kPanelWidth] = {};
        spread<T>(panel, channels, mean, center);
        for (int64_t l = 0; l < panel.lines; ++l) {
          const int64_t at = panel.offset + l * panel.stride;
          const auto add = [&](auto column) EIDER_LAMBDA {
            const int j = column.slot;
            const float v = kMask ? zero_unless(column.of(y + at) > 0.0f, column.of(u + at)) : column.of(u + at);
            plain[j] += v;
            centered[j] += v * (column.of(x + at) - center[j]);
            return v;
          };
          if (kKeep) {
            set_columns(kept + at, width, add);
          } else {
            for_columns<T>(width, add);
          }
        }
        gather<T>(panel, channels, plain, sum_u);
        gather<T>(panel, channels, centered, sum_ux);
      });
    });
  }
}

template <class T>
EIDER_CLONES void tangent_sums(Range blocks, int64_t row_count, const Workspace& w, const T* x, const float* mean,
                               const T* tx) {
  block_sums<false, false, T>(blocks, row_count, w, x, mean, tx, nullptr, nullptr);
}

template <class T>
EIDER_CLONES void gradient_sums(Range blocks, int64_t row_count, const Workspace& w, const T* x, const float* mean,
                                const T* gy, const T* y, T* kept) {
  if (y && kept) {
    block_sums<true, true>(blocks, row_count, w, x, mean, gy, y, kept);
  } else if (y) {
    block_sums<true, false>(blocks, row_count, w, x, mean, gy, y, kept);
  } else if (kept) {
    block_sums<false, true>(blocks, row_count, w, x, mean, gy, y, kept);
  } else {
    block_sums<false, false>(blocks, row_count, w, x, mean, gy, y, kept);
  }
}

// Totals of the two sums over the blocks, in order.
EIDER_CLONES void merge_sums(const Workspace& w) {
  std::fill_n(w.totals, 2 * w.channels, 0.0);
  for (int64_t b = 0; b < w.blocks; ++b) {
    const float* sums = w.first(b);
    EIDER_SIMD for (int64_t c = 0; c < 2 * w.channels; ++c) w.totals[c] += double(sums[c]);
  }
}

// ---- second pass ----

// y = relu(scale (x - mean) + beta + residual)
template <bool kRelu, bool kResidual, class T>
EIDER_INLINE void normalize(Rows mine, int64_t channels, const T* x, const float* mean, const float* scale,
                            const float* beta, const T* residual, T* y) {
  for_panels(mine.begin, mine.end, channels, [=](const Panel& panel) EIDER_LAMBDA {
    with_width(panel, [=](int width) EIDER_LAMBDA {
      float center[kPanelWidth], a[kPanelWidth], b[kPanelWidth];
      spread<T>(panel, channels, mean, center);
      spread<T>(panel, channels, scale, a);
      spread<T>(panel, channels, beta, b);
      for (int64_t l = 0; l < panel.lines; ++l) {
        const int64_t at = panel.offset + l * panel.stride;
        set_columns(y + at, width, [&](auto column) EIDER_LAMBDA {
          const int j = column.slot;
          // Fused: a rounding less in what decides the sides of rectifiers.
          float v = std::fma(a[j], column.of(x + at) - center[j], b[j]);
          if (kResidual) v += column.of(residual + at);
          if (kRelu) v = zero_unless(!(v < 0.0f), v);
          return v;
        });
      }
    });
  });
}

template <class T>
EIDER_CLONES void normalize_rows(Rows mine, int64_t channels, bool relu, const T* x, const float* mean,
                                 const float* scale, const float* beta, const T* residual, T* y) {
  if (relu && residual) {
    normalize<true, true>(mine, channels, x, mean, scale, beta, residual, y);
  } else if (relu) {
    normalize<true, false>(mine, channels, x, mean, scale, beta, residual, y);
  } else if (residual) {
    normalize<false, true>(mine, channels, x, mean, scale, beta, residual, y);
  } else {
    normalize<false, false>(mine, channels, x, mean, scale, beta, residual, y);
  }
}

// out = a u + b (x - mean) + c (+ residual), with u masked by y > 0 if kMaskIn, or the result if kMaskOut.
template <bool kMaskIn, bool kMaskOut, bool kResidual, class T>
EIDER_INLINE void linear(Rows mine, const Workspace& w, const T* x, const float* mean, const T* u, const T* y,
                         const T* residual, T* out) {
  const int64_t channels = w.channels;
  const float* coefficients = w.linear;
  for_panels(mine.begin, mine.end, channels, [=](const Panel& panel) EIDER_LAMBDA {
    with_width(panel, [=](int width) EIDER_LAMBDA {
      float center[kPanelWidth], a[kPanelWidth], b[kPanelWidth], c[kPanelWidth];
      spread<T>(panel, channels, mean, center);
      spread<T>(panel, channels, coefficients, a);
      spread<T>(panel, channels, coefficients + channels, b);
      spread<T>(panel, channels, coefficients + 2 * channels, c);
      for (int64_t l = 0; l < panel.lines; ++l) {
        const int64_t at = panel.offset + l * panel.stride;
        set_columns(out + at, width, [&](auto column) EIDER_LAMBDA {
          const int j = column.slot;
          const float v = kMaskIn ? zero_unless(column.of(y + at) > 0.0f, column.of(u + at)) : column.of(u + at);
          float result = a[j] * v + b[j] * (column.of(x + at) - center[j]) + c[j];
          if (kResidual) result += column.of(residual + at);
          if (kMaskOut) result = zero_unless(column.of(y + at) > 0.0f, result);
          return result;
        });
      }
    });
  });
}

template <class T>
EIDER_CLONES void gradient_rows(Rows mine, const Workspace& w, const T* x, const float* mean, const T* gy, const T* y,
                                T* gx) {
  if (y) {
    linear<true, false, false, T>(mine, w, x, mean, gy, y, nullptr, gx);
  } else {
    linear<false, false, false, T>(mine, w, x, mean, gy, y, nullptr, gx);
  }
}

template <class T>
EIDER_CLONES void tangent_rows(Rows mine, const Workspace& w, const T* x, const float* mean, const T* tx, const T* y,
                               const T* tresidual, T* ty) {
  if (y && tresidual) {
    linear<false, true, true>(mine, w, x, mean, tx, y, tresidual, ty);
  } else if (y) {
    linear<false, true, false>(mine, w, x, mean, tx, y, tresidual, ty);
  } else if (tresidual) {
    linear<false, false, true>(mine, w, x, mean, tx, y, tresidual, ty);
  } else {
    linear<false, false, false>(mine, w, x, mean, tx, y, tresidual, ty);
  }
}

void store(const Workspace& w, int64_t c, const ChannelLinear<float>& coefficients) {
  w.linear[c] = coefficients.a;
  w.linear[w.channels + c] = coefficients.b;
  w.linear[2 * w.channels + c] = coefficients.c;
}

// ---- the three kernels ----

template <class T>
int forward(int64_t row_count, int64_t channels, float epsilon, int relu, const T* x, const float* gamma,
            const float* beta, const T* residual, T* y, float* mean, float* variance, void* workspace) {
  if (row_count < 1 || channels < 1) return 1;
  const Workspace w(row_count, channels, workspace);
  float* scale = w.linear;
  reduce_then_apply(
      row_count, channels, [&](Range blocks) { block_moments(blocks, row_count, w, x); },
      [&] {
        merge_moments(row_count, w, mean, variance);
        // Rounded once: its error is one of every element.
        for (int64_t c = 0; c < channels; ++c) {
          const double exact = w.totals[channels + c] / double(row_count);
          scale[c] = float(double(gamma[c]) * rows::inverse_deviation(exact, double(epsilon)));
        }
      },
      [&](Rows mine) { normalize_rows(mine, channels, relu != 0, x, mean, scale, beta, residual, y); });
  return 0;
}

template <class T>
int gradient(int64_t row_count, int64_t channels, float epsilon, int relu, const T* x, const T* y, const float* gamma,
             const float* mean, const float* variance, const T* gy, T* gx, float* ggamma, float* gbeta, T* gresidual,
             void* workspace) {
  if (row_count < 1 || channels < 1) return 1;
  const Workspace w(row_count, channels, workspace);
  const T* mask = relu ? y : nullptr;
  // What the residual's cotangent holds after the first pass is gy masked: one array to read instead of two, and gy
  // itself may be overwritten by then.
  const T* second_gy = gresidual ? gresidual : gy;
  const T* second_mask = gresidual ? nullptr : mask;
  reduce_then_apply(
      row_count, channels, [&](Range blocks) { gradient_sums(blocks, row_count, w, x, mean, gy, mask, gresidual); },
      [&] {
        merge_sums(w);
        for (int64_t c = 0; c < channels; ++c) {
          const float r = rows::inverse_deviation(variance[c], epsilon);
          gbeta[c] = float(w.totals[c]);
          ggamma[c] = float(w.totals[channels + c]) * r;
          store(w, c, rows::batch_norm_gradient_channel(float(row_count), gamma[c], r, ggamma[c], gbeta[c]));
        }
      },
      [&](Rows mine) { gradient_rows(mine, w, x, mean, second_gy, second_mask, gx); });
  return 0;
}

template <class T>
int tangent(int64_t row_count, int64_t channels, float epsilon, int relu, const T* x, const T* y, const float* gamma,
            const float* mean, const float* variance, const T* tx, const float* tgamma, const float* tbeta,
            const T* tresidual, T* ty, float* tmean, float* tvariance, void* workspace) {
  if (row_count < 1 || channels < 1) return 1;
  const Workspace w(row_count, channels, workspace);
  reduce_then_apply(
      row_count, channels, [&](Range blocks) { tangent_sums(blocks, row_count, w, x, mean, tx); },
      [&] {
        merge_sums(w);
        for (int64_t c = 0; c < channels; ++c) {
          const float r = rows::inverse_deviation(variance[c], epsilon);
          tmean[c] = float(w.totals[c] / double(row_count));
          tvariance[c] = float(2.0 * w.totals[channels + c] / double(row_count));
          store(w, c, rows::batch_norm_tangent_channel(gamma[c], r, tgamma[c], tbeta[c], tmean[c], tvariance[c]));
        }
      },
      [&](Rows mine) { tangent_rows(mine, w, x, mean, tx, relu ? y : nullptr, tresidual, ty); });
  return 0;
}

}  // namespace

int64_t eider_batch_norm_workspace(int64_t row_count, int64_t channels) {
  return row_count < 1 || channels < 1 ? 0 : Workspace::bytes(row_count, channels);
}

int eider_batch_norm_f32(int64_t row_count, int64_t channels, float epsilon, int relu, const float* x,
                         const float* gamma, const float* beta, const float* residual, float* y, float* mean,
                         float* variance, void* workspace) {
  return forward(row_count, channels, epsilon, relu, x, gamma, beta, residual, y, mean, variance, workspace);
}

int eider_batch_norm_bf16(int64_t row_count, int64_t channels, float epsilon, int relu, const uint16_t* x,
                          const float* gamma, const float* beta, const uint16_t* residual, uint16_t* y, float* mean,
                          float* variance, void* workspace) {
  return forward(row_count, channels, epsilon, relu, bfloats(x), gamma, beta, bfloats(residual), bfloats(y), mean,
                 variance, workspace);
}

int eider_batch_norm_gradient_f32(int64_t row_count, int64_t channels, float epsilon, int relu, const float* x,
                                  const float* y, const float* gamma, const float* mean, const float* variance,
                                  const float* gy, float* gx, float* ggamma, float* gbeta, float* gresidual,
                                  void* workspace) {
  return gradient(row_count, channels, epsilon, relu, x, y, gamma, mean, variance, gy, gx, ggamma, gbeta, gresidual,
                  workspace);
}

int eider_batch_norm_gradient_bf16(int64_t row_count, int64_t channels, float epsilon, int relu, const uint16_t* x,
                                   const uint16_t* y, const float* gamma, const float* mean, const float* variance,
                                   const uint16_t* gy, uint16_t* gx, float* ggamma, float* gbeta, uint16_t* gresidual,
                                   void* workspace) {
  return gradient(row_count, channels, epsilon, relu, bfloats(x), bfloats(y), gamma, mean, variance, bfloats(gy),
                  bfloats(gx), ggamma, gbeta, bfloats(gresidual), workspace);
}

int eider_batch_norm_tangent_f32(int64_t row_count, int64_t channels, float epsilon, int relu, const float* x,
                                 const float* y, const float* gamma, const float* mean, const float* variance,
                                 const float* tx, const float* tgamma, const float* tbeta, const float* tresidual,
                                 float* ty, float* tmean, float* tvariance, void* workspace) {
  return tangent(row_count, channels, epsilon, relu, x, y, gamma, mean, variance, tx, tgamma, tbeta, tresidual, ty,
                 tmean, tvariance, workspace);
}

int eider_batch_norm_tangent_bf16(int64_t row_count, int64_t channels, float epsilon, int relu, const uint16_t* x,
                                  const uint16_t* y, const float* gamma, const float* mean, const float* variance,
                                  const uint16_t* tx, const float* tgamma, const float* tbeta,
                                  const uint16_t* tresidual, uint16_t* ty, float* tmean, float* tvariance,
                                  void* workspace) {
  return tangent(row_count, channels, epsilon, relu, bfloats(x), bfloats(y), gamma, mean, variance, bfloats(tx), tgamma,
                 tbeta, bfloats(tresidual), bfloats(ty), tmean, tvariance, workspace);
}
