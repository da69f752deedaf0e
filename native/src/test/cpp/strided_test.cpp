// Strided copy and the reductions against plain nested loops: every permutation, broadcasts, slices, pads, and every
// split of the axes into kept and reduced.
#include <algorithm>
#include <limits>
#include <numeric>

#include "boxes.h"

namespace {

using check::chosen;
using check::contiguous;
using check::dot;
using check::each_index;
using check::Floats;
using check::Ints;
using check::product;
using check::text;

void copy(const char* name, const Ints& dims, const Ints& from, const Ints& to, int64_t from_size, int64_t to_size,
          int64_t from_offset = 0, int64_t to_offset = 0) {
  const Floats src = check::normal(from_size);
  Floats expected(to_size, -7);
  each_index(dims, [&](const Ints& i) { expected[to_offset + dot(i, to)] = src[from_offset + dot(i, from)]; });
  check::same_for_all_threads(
      [&] {
        Floats dst(to_size, -7);
        check::that(eider_strided_copy_f32(int(dims.size()), dims.data(), from.data(), to.data(),
                                           src.data() + from_offset, dst.data() + to_offset) == 0,
                    text(name, dims));
        check::same_bits(dst, expected, text(name, dims));
        return dst;
      },
      text(name, dims));
}

void copies() {
  for (const Ints& shape : std::vector<Ints>{{},
                                             {1},
                                             {129},
                                             {7, 33},
                                             {100, 31},
                                             {2, 7, 31},
                                             {3, 20, 20, 33},
                                             {2, 3, 1, 4, 5},
                                             {2, 1, 3, 2, 2, 1, 3, 2},
                                             {70001},
                                             {300, 257},
                                             {0, 3}}) {
    std::vector<int> axes(shape.size());
    std::iota(axes.begin(), axes.end(), 0);
    int left = 200;  // of 8! permutations enough
    do {
      const Ints dims = chosen(shape, axes);
      copy("transpose", dims, chosen(contiguous(shape), axes), contiguous(dims), product(shape), product(shape));
    } while (--left > 0 && std::next_permutation(axes.begin(), axes.end()));
  }
  copy("broadcast of a scalar", {100, 1000}, {0, 0}, {1000, 1}, 1, 100000);
  copy("broadcast over rows", {1000, 33}, {0, 1}, {33, 1}, 33, 33000);
  copy("broadcast over columns", {1000, 33}, {1, 0}, {33, 1}, 1000, 33000);
  copy("broadcast over the middle", {7, 31, 5}, {5, 0, 1}, {155, 5, 1}, 35, 1085);
  copy("slice", {5, 6, 3}, {100, 10, 1}, {18, 3, 1}, 1000, 90, 213);
  copy("slice with steps", {5, 6}, {200, 3}, {6, 1}, 1000, 30, 1);
  copy("pad", {4, 6, 3}, {18, 3, 1}, {30, 3, 1}, 72, 300, 0, 36);
  copy("flip", {10, 33}, {33, -1}, {33, 1}, 330, 330, 32);
  const Ints nine(9, 1);
  float value = 0;
  check::that(eider_strided_copy_f32(9, nine.data(), nine.data(), nine.data(), &value, &value) == 1, "rank 9");
}

void reductions() {
  for (const Ints& shape : std::vector<Ints>{{},
                                             {1},
                                             {7},
                                             {129},
                                             {70001},
                                             {7, 33},
                                             {300, 64},
                                             {1000, 10},
                                             {129, 100},
                                             {2, 31, 33},
                                             {3, 20, 20, 33},
                                             {2, 1, 300, 70},
                                             {2, 3, 2, 2, 5},
                                             {64, 0, 3}}) {
    const Floats x = check::normal(product(shape), 0.5);
    const int rank = int(shape.size());
    for (int mask = 0; mask < 1 << rank; ++mask) {
      std::vector<int> kept, reduced;
      for (int d = 0; d < rank; ++d) (mask >> d & 1 ? reduced : kept).push_back(d);
      // Both orders of the kept axes: the result is transposed in the second.
      for (int order = 0; order < 2; ++order) {
        std::reverse(kept.begin(), kept.end());
        const Ints kd = chosen(shape, kept), ks = chosen(contiguous(shape), kept);
        const Ints rd = chosen(shape, reduced), rs = chosen(contiguous(shape), reduced);
        const int64_t count = product(rd);
        const auto run = [&](auto kernel) {
          Floats y(product(kd), -7);
          const int64_t bytes =
              eider_reduce_workspace_f32(int(kd.size()), kd.data(), ks.data(), int(rd.size()), rd.data(), rs.data());
          Floats workspace(bytes / 4);
          check::that(kernel(int(kd.size()), kd.data(), ks.data(), int(rd.size()), rd.data(), rs.data(), x.data(),
                             y.data(), workspace.data()) == 0,
                      text("reduce", shape));
          return y;
        };
        const Floats sum = run(eider_sum_f32), max = run(eider_max_f32);
        int64_t k = 0;
        each_index(kd, [&](const Ints& i) {
          double total = 0, size = 0, top = -INFINITY;
          each_index(rd, [&](const Ints& j) {
            const double v = x[dot(i, ks) + dot(j, rs)];
            total += v;
            size += std::abs(v);
            top = std::max(top, v);
          });
          // Partial sums are at most 256 long, with random rounding errors.
          check::near(sum[k], total, check::kEps * size * std::min<double>(4, 1 + std::sqrt(double(count)) / 4),
                      text("sum", shape));
          check::near(max[k], top, 0, text("max", shape));
          ++k;
        });
        check::same_for_all_threads([&] { return run(eider_sum_f32); }, text("sum", shape));
      }
    }
  }
}

void max_lets_nan_through() {
  for (const int64_t n : check::kAwkward) {
    for (const int64_t bad : {int64_t(0), n / 2, n - 1}) {
      Floats x = check::normal(n);
      x[bad] = NAN;
      const int64_t one = 1;
      float y = 0;
      eider_max_f32(0, nullptr, nullptr, 1, &n, &one, x.data(), &y, nullptr);
      check::that(std::isnan(y), "max of a row with NaN");
      eider_max_f32(1, &one, &one, 1, &n, &one, x.data(), &y, nullptr);
      check::that(std::isnan(y), "max of a column with NaN");
    }
  }
}

// One f32 running sum of these is off by more than 1e-3.
void sum_is_better_than_naive() {
  const int64_t n = 4000000, one = 1, zero = 0;
  const Floats x(n, 0.1f);
  Floats workspace(eider_reduce_workspace_f32(0, nullptr, nullptr, 1, &n, &one) / 4);
  float y = 0;
  eider_sum_f32(0, nullptr, nullptr, 1, &n, &one, x.data(), &y, workspace.data());
  check::near(y / (double(0.1f) * double(n)), 1, 4e-6, "sum of four million");
  eider_sum_f32(0, nullptr, nullptr, 1, &n, &zero, x.data(), &y, workspace.data());
  check::near(y / (double(0.1f) * double(n)), 1, 4e-6, "sum of one element four million times");
}

}  // namespace

int main() {
  copies();
  reductions();
  max_lets_nan_through();
  sum_is_better_than_naive();
  return check::report();
}
