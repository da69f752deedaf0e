// bf16: the cast against the definition of rounding to nearest, ties to even. Every other kernel of bf16 must give just
// the bits that the one of f32 gives on the widened arrays, rounded: in place and for any number of threads.
#include <algorithm>

#include "bfloats.h"

namespace {

using check::Bits;
using check::Floats;
using check::rounded;
using check::widened;
using Ints = std::vector<int64_t>;

constexpr float kEpsilon = 1e-5f;

Bits normal(int64_t n, double mean = 0, double deviation = 1) { return rounded(check::normal(n, mean, deviation)); }

void casts() {
  Floats x = check::normal(100003, 0, 3);
  for (const float tie : {0x1.01p0f, 0x1.03p0f, -0x1.01p-90f, 0x1.02p5f, 0x1.fffffep127f, 0x1.fep127f, 0x1p-133f,
                          0x1p-134f, 0x1.8p-133f, 0x1p-149f, 0.0f, -0.0f}) {
    x.push_back(tie);
  }
  for (int exponent = -140; exponent < 128; ++exponent) {
    for (const float v : check::normal(20)) x.push_back(std::ldexp(v / 4, exponent));
  }
  const int64_t n = int64_t(x.size());
  Bits y(n, 7);
  check::that(eider_cast_f32_to_bf16(n, x.data(), y.data()) == 0, "cast");
  const Bits expected = rounded(x);
  for (int64_t i = 0; i < n; ++i) check::that(y[i] == expected[i], "cast of " + std::to_string(x[i]));
  Floats back(n, -7);
  check::that(eider_cast_bf16_to_f32(n, y.data(), back.data()) == 0, "cast back");
  check::same_bits(back, widened(expected), "cast back");

  // What must not be carried into infinity, or cut off to it; and infinity itself.
  const uint32_t odd[] = {0x7fffffff, 0xffffffff, 0x7f800001, 0xff800001, 0x7fc00000, 0x7f800000, 0xff800000};
  for (const uint32_t bits : odd) {
    float v;
    std::memcpy(&v, &bits, sizeof v);
    uint16_t narrow = 0;
    eider_cast_f32_to_bf16(1, &v, &narrow);
    const float w = widened(narrow);
    check::that(std::isnan(v) ? std::isnan(w) : w == v, "cast of NaN and infinity");
    check::that(std::signbit(w) == std::signbit(v), "cast keeps the sign of NaN and infinity");
  }
  check::that(eider_cast_f32_to_bf16(-1, nullptr, nullptr) == 1, "cast of negative size");
  check::that(eider_cast_bf16_to_f32(-1, nullptr, nullptr) == 1, "cast back of negative size");
}

void adds_and_fills() {
  for (const int64_t n : {0, 1, 7, 31, 33, 129, 100003}) {
    const Bits a = normal(n), b = normal(n);
    Floats sum(n);
    eider_add_f32(n, widened(a).data(), widened(b).data(), sum.data());
    Bits place = a;
    check::that(eider_add_bf16(n, place.data(), b.data(), place.data()) == 0, "add");
    check::same_bits(place, rounded(sum), "add in place");
    Bits filled(n + 1, 7);
    check::that(eider_fill_bf16(n, 0.1f, filled.data()) == 0, "fill");
    for (int64_t i = 0; i < n; ++i) check::that(filled[i] == rounded(0.1f), "fill");
    check::that(filled[n] == 7, "fill writes n elements");
  }
}

// Every second pixel, channels last; and a transposed matrix, which is copied in other tiles.
void copies() {
  struct Case {
    Ints dims, from, to;
  };
  for (const Case& c : {Case{{5, 4, 4, 16}, {1024, 256, 32, 1}, {256, 64, 16, 1}}, Case{{300, 70}, {1, 300}, {70, 1}},
                        Case{{7, 33}, {0, 1}, {33, 1}}, Case{{7, 33}, {1, 0}, {33, 1}}}) {
    const Bits src = normal(70000);
    const Floats wide = widened(src);
    Bits dst(70000, 0);
    Floats expected(70000, 0);
    eider_strided_copy_f32(int(c.dims.size()), c.dims.data(), c.from.data(), c.to.data(), wide.data(), expected.data());
    check::that(eider_strided_copy_bf16(int(c.dims.size()), c.dims.data(), c.from.data(), c.to.data(), src.data(),
                                        dst.data()) == 0,
                "copy");
    check::same_bits(widened(dst), expected, "copy");
  }
}

// Over pixels with the channels kept, over a whole row, and over the first axis.
void sums() {
  struct Case {
    Ints kept, kept_strides, reduced, reduced_strides;
  };
  for (const Case& c : {Case{{10, 33}, {64 * 33, 1}, {8, 8}, {8 * 33, 33}}, Case{{3}, {9001}, {9001}, {1}},
                        Case{{129}, {1}, {500}, {129}}}) {
    const Bits x = normal(70000);
    const Floats wide = widened(x);
    const auto run = [&](auto sum, const auto& array) {
      const int kept = int(c.kept.size()), reduced = int(c.reduced.size());
      int64_t size = 1;
      for (const int64_t dim : c.kept) size *= dim;
      Floats y(size, -7);
      Floats workspace(eider_reduce_workspace_f32(kept, c.kept.data(), c.kept_strides.data(), reduced, c.reduced.data(),
                                                  c.reduced_strides.data()) /
                           4 +
                       1);
      check::that(sum(kept, c.kept.data(), c.kept_strides.data(), reduced, c.reduced.data(), c.reduced_strides.data(),
                      array.data(), y.data(), workspace.data()) == 0,
                  "sum");
      return y;
    };
    check::same_bits(run(eider_sum_bf16, x), run(eider_sum_f32, wide), "sum");
  }
}

void normalisations(int64_t rows, int64_t channels, bool relu, bool residual) {
  const int64_t n = rows * channels;
  const std::string name = " " + std::to_string(rows) + "x" + std::to_string(channels) +
                           " relu=" + std::to_string(relu) + " residual=" + std::to_string(residual);
  const Bits x = normal(n, 3, 2), r = normal(n), gy = normal(n, 0.5), tx = normal(n, 0.5), tr = normal(n);
  const Floats gamma = check::normal(channels), beta = check::normal(channels), tgamma = check::normal(channels),
               tbeta = check::normal(channels);
  const Floats wx = widened(x), wr = widened(r), wgy = widened(gy), wtx = widened(tx), wtr = widened(tr);
  Floats workspace(eider_batch_norm_workspace(rows, channels) / 4 + 1);

  Floats y(n), mean(channels), variance(channels);
  eider_batch_norm_f32(rows, channels, kEpsilon, relu, wx.data(), gamma.data(), beta.data(),
                       residual ? wr.data() : nullptr, y.data(), mean.data(), variance.data(), workspace.data());
  const Bits mask = rounded(y);
  const Floats wide_mask = widened(mask);
  Floats gx(n), ggamma(channels), gbeta(channels), gr(n), ty(n), tmean(channels), tvariance(channels);
  eider_batch_norm_gradient_f32(rows, channels, kEpsilon, relu, wx.data(), wide_mask.data(), gamma.data(), mean.data(),
                                variance.data(), wgy.data(), gx.data(), ggamma.data(), gbeta.data(),
                                residual ? gr.data() : nullptr, workspace.data());
  eider_batch_norm_tangent_f32(rows, channels, kEpsilon, relu, wx.data(), wide_mask.data(), gamma.data(), mean.data(),
                               variance.data(), wtx.data(), tgamma.data(), tbeta.data(),
                               residual ? wtr.data() : nullptr, ty.data(), tmean.data(), tvariance.data(),
                               workspace.data());
  Floats affine(n);
  eider_channel_affine_f32(rows, channels, relu, wx.data(), gamma.data(), beta.data(), residual ? wr.data() : nullptr,
                           affine.data());

  for (const int threads : {1, 2, 3}) {
    eider_set_threads(threads);
    Bits place = x;
    Floats m(channels), v(channels);
    check::that(
        eider_batch_norm_bf16(rows, channels, kEpsilon, relu, place.data(), gamma.data(), beta.data(),
                              residual ? r.data() : nullptr, place.data(), m.data(), v.data(), workspace.data()) == 0,
        "forward");
    check::same_bits(place, mask, "forward" + name);
    check::same_bits(check::joined({m, v}), check::joined({mean, variance}), "statistics" + name);

    Bits g_place = gy, g_residual(n);
    Floats g_gamma(channels), g_beta(channels);
    check::that(
        eider_batch_norm_gradient_bf16(rows, channels, kEpsilon, relu, x.data(), mask.data(), gamma.data(), mean.data(),
                                       variance.data(), g_place.data(), g_place.data(), g_gamma.data(), g_beta.data(),
                                       residual ? g_residual.data() : nullptr, workspace.data()) == 0,
        "gradient");
    check::same_bits(g_place, rounded(gx), "gradient" + name);
    if (residual) check::same_bits(g_residual, rounded(gr), "gradient of the residual" + name);
    check::same_bits(check::joined({g_gamma, g_beta}), check::joined({ggamma, gbeta}), "channel gradients" + name);

    Bits t_place = tx;
    Floats t_mean(channels), t_variance(channels);
    check::that(eider_batch_norm_tangent_bf16(rows, channels, kEpsilon, relu, x.data(), mask.data(), gamma.data(),
                                              mean.data(), variance.data(), t_place.data(), tgamma.data(), tbeta.data(),
                                              residual ? tr.data() : nullptr, t_place.data(), t_mean.data(),
                                              t_variance.data(), workspace.data()) == 0,
                "tangent");
    check::same_bits(t_place, rounded(ty), "tangent" + name);
    check::same_bits(check::joined({t_mean, t_variance}), check::joined({tmean, tvariance}), "channel tangents" + name);

    Bits a_place = x;
    check::that(eider_channel_affine_bf16(rows, channels, relu, a_place.data(), gamma.data(), beta.data(),
                                          residual ? r.data() : nullptr, a_place.data()) == 0,
                "affine");
    check::same_bits(a_place, rounded(affine), "affine" + name);
  }
  eider_set_threads(2);
}

}  // namespace

int main() {
  casts();
  adds_and_fills();
  copies();
  sums();
  for (const bool relu : {false, true}) {
    for (const bool residual : {false, true}) {
      for (const int64_t rows : {1, 7, 33}) {
        for (const int64_t channels : check::kAwkward) normalisations(rows, channels, relu, residual);
      }
      normalisations(2600, 16, relu, residual);
      normalisations(1037, 32, relu, residual);
      normalisations(530, 64, relu, residual);
      normalisations(170, 200, relu, residual);
      normalisations(12000, 3, relu, residual);
    }
  }
  return check::report();
}
