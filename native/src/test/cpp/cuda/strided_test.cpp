// Strided copy and the reductions in the emulator, against plain nested loops: permutations, broadcasts, slices, pads,
// and every split of the axes into kept and reduced. Sums of bf16 have the bits of those of the widened numbers.
#include <algorithm>

#include "boxes.h"
#include "cuda/harness.h"

namespace {

using check::Bits;
using check::chosen;
using check::contiguous;
using check::Device;
using check::DeviceFloats;
using check::dot;
using check::each_index;
using check::Floats;
using check::Ints;
using check::product;
using check::text;

template <class T, class Kernel>
void copy_of(Kernel kernel, const std::string& name, const Ints& dims, const Ints& from, const Ints& to,
             int64_t from_size, int64_t to_size, int64_t from_offset, int64_t to_offset) {
  const std::vector<T> x = check::stored<T>(check::normal(from_size)), untouched(to_size, T(-7));
  std::vector<T> expected = untouched;
  each_index(dims, [&](const Ints& i) { expected[to_offset + dot(i, to)] = x[from_offset + dot(i, from)]; });
  const Device<T> src(x), dst(untouched);
  check::done(
      kernel(int(dims.size()), dims.data(), from.data(), to.data(), src + from_offset, dst + to_offset, nullptr), name);
  check::same_bits(dst.host(), expected, name);
}

void copy(const char* name, const Ints& dims, const Ints& from, const Ints& to, int64_t from_size, int64_t to_size,
          int64_t from_offset = 0, int64_t to_offset = 0) {
  copy_of<float>(eider_cuda_strided_copy_f32, text(name, dims), dims, from, to, from_size, to_size, from_offset,
                 to_offset);
  copy_of<uint16_t>(eider_cuda_strided_copy_bf16, text(name, dims) + " of bf16", dims, from, to, from_size, to_size,
                    from_offset, to_offset);
}

void copies() {
  for (const Ints& shape : std::vector<Ints>{{},
                                             {1},
                                             {129},
                                             {7, 33},
                                             {33, 31},
                                             {32, 64},
                                             {2, 7, 31},
                                             {17, 2, 33},
                                             {2, 3, 1, 4, 5},
                                             {1, 16, 2, 1, 16, 1, 1, 2},
                                             {0, 3}}) {
    std::vector<int> axes(shape.size());
    std::iota(axes.begin(), axes.end(), 0);
    int left = 30;
    do {
      const Ints dims = chosen(shape, axes);
      copy("transpose", dims, chosen(contiguous(shape), axes), contiguous(dims), product(shape), product(shape));
    } while (--left > 0 && std::next_permutation(axes.begin(), axes.end()));
  }
  copy("broadcast of a scalar", {10, 100}, {0, 0}, {100, 1}, 1, 1000);
  copy("broadcast over rows", {30, 33}, {0, 1}, {33, 1}, 33, 990);
  copy("broadcast over columns", {30, 33}, {1, 0}, {33, 1}, 30, 990);
  copy("broadcast over the middle", {7, 31, 5}, {5, 0, 1}, {155, 5, 1}, 35, 1085);
  copy("slice", {5, 6, 3}, {100, 10, 1}, {18, 3, 1}, 1000, 90, 213);
  copy("slice with steps", {5, 6}, {200, 3}, {6, 1}, 1000, 30, 1);
  copy("pad", {4, 6, 3}, {18, 3, 1}, {30, 3, 1}, 72, 300, 0, 36);
  copy("flip", {10, 33}, {33, -1}, {33, 1}, 330, 330, 32);
  copy("transposed slice", {20, 30}, {1, 40}, {35, 1}, 1200, 700, 7, 3);
  const Ints nine(9, 1);
  float value = 0;
  check::that(eider_cuda_strided_copy_f32(9, nine.data(), nine.data(), nine.data(), &value, &value, nullptr) == 1,
              "rank 9");
}

template <class T>
using Reduction = int (*)(int, const int64_t*, const int64_t*, int, const int64_t*, const int64_t*, const T*, float*,
                          void*, void*);

template <class T>
Floats reduced(Reduction<T> kernel, const Ints& kd, const Ints& ks, const Ints& rd, const Ints& rs,
               const std::vector<T>& x) {
  const Device<T> from(x);
  const DeviceFloats y(product(kd));
  const int64_t bytes =
      eider_cuda_reduce_workspace_f32(int(kd.size()), kd.data(), ks.data(), int(rd.size()), rd.data(), rs.data());
  check::that(bytes >= 0, "workspace");
  const DeviceFloats workspace(bytes / 4);
  check::done(
      kernel(int(kd.size()), kd.data(), ks.data(), int(rd.size()), rd.data(), rs.data(), from, y, workspace, nullptr),
      "reduce");
  return y.host();
}

void reductions() {
  for (const Ints& shape : std::vector<Ints>{{},
                                             {1},
                                             {7},
                                             {129},
                                             {1025},
                                             {8193},
                                             {20001},
                                             {257, 3},
                                             {7, 33},
                                             {300, 20},
                                             {600, 33},
                                             {129, 10},
                                             {2, 31, 33},
                                             {2, 3, 2, 2, 5},
                                             {2, 1300},
                                             {64, 0, 3}}) {
    const Floats x = check::normal(product(shape), 0.5);
    const int rank = int(shape.size());
    for (int mask = 0; mask < 1 << rank; ++mask) {
      std::vector<int> kept, others;
      for (int d = 0; d < rank; ++d) (mask >> d & 1 ? others : kept).push_back(d);
      // Both orders of the kept axes: the result is transposed in the second.
      for (int order = 0; order < (kept.size() > 1 ? 2 : 1); ++order) {
        std::reverse(kept.begin(), kept.end());
        const Ints kd = chosen(shape, kept), ks = chosen(contiguous(shape), kept);
        const Ints rd = chosen(shape, others), rs = chosen(contiguous(shape), others);
        // As many threads as ThreadSanitizer likes.
        if (product(kd) > 66) continue;
        const Floats sum = reduced(eider_cuda_sum_f32, kd, ks, rd, rs, x);
        const Floats max = reduced(eider_cuda_max_f32, kd, ks, rd, rs, x);
        int64_t k = 0;
        each_index(kd, [&](const Ints& i) {
          double total = 0, size = 0, top = -INFINITY;
          each_index(rd, [&](const Ints& j) {
            const double v = x[dot(i, ks) + dot(j, rs)];
            total += v;
            size += std::abs(v);
            top = std::max(top, v);
          });
          // At most 32 additions in a row and 8 in a tree.
          const double root = std::sqrt(double(product(rd)));
          check::near(sum[k], total, check::kEps * size * std::min<double>(4, 1 + root / 4), text("sum", shape));
          check::near(max[k], top, 0, text("max", shape));
          ++k;
        });
      }
    }
  }
}

// Down columns and along rows, with one block and with several; and rows of a warp.
void sums_of_bf16() {
  struct Case {
    Ints kept, kept_strides, reduced, reduced_strides;
  };
  for (const Case& c : {Case{{33}, {1}, {7}, {33}}, Case{{33}, {1}, {600}, {33}}, Case{{7}, {33}, {33}, {1}},
                        Case{{3, 5}, {35, 7}, {2, 7}, {105, 1}}, Case{{}, {}, {1025}, {1}},
                        Case{{2}, {9001}, {9001}, {1}}, Case{{}, {}, {64, 0}, {1, 1}}}) {
    const Bits x = check::rounded(check::normal(19800, 0.5));
    check::same_bits(
        reduced(eider_cuda_sum_bf16, c.kept, c.kept_strides, c.reduced, c.reduced_strides, x),
        reduced(eider_cuda_sum_f32, c.kept, c.kept_strides, c.reduced, c.reduced_strides, check::widened(x)),
        text("sum of bf16", c.reduced));
  }
}

void max_lets_nan_through() {
  for (const int64_t n : {1, 2, 7, 33, 129, 1025, 8193}) {
    for (const int64_t bad : {int64_t(0), n / 2, n - 1}) {
      Floats x = check::normal(n);
      x[bad] = NAN;
      check::that(std::isnan(reduced(eider_cuda_max_f32, {}, {}, {n}, {1}, x)[0]), "max of a row with NaN");
      check::that(std::isnan(reduced(eider_cuda_max_f32, {1}, {1}, {n}, {1}, x)[0]), "max of a column with NaN");
    }
  }
  Floats columns = check::normal(2 * 600);
  columns[601] = NAN;
  const Floats max = reduced(eider_cuda_max_f32, {2}, {1}, {600}, {2}, columns);
  check::that(!std::isnan(max[0]) && std::isnan(max[1]), "max of one column with NaN");
}

}  // namespace

int main() {
  copies();
  reductions();
  sums_of_bf16();
  max_lets_nan_through();
  return check::report();
}
