// A number that is 16 numbers, one of each of 16 rows: with it a row function walks 16 rows side by side, so that rows
// shorter than a vector are vector code too. Plain loops over arrays, because the compiler makes each clone's own
// vectors of them, and of vector types only the baseline's.
#ifndef EIDER_CPU_PACK_H
#define EIDER_CPU_PACK_H

#include "cpu/clones.h"
#include "rows/row_math.h"

namespace eider {

constexpr int64_t kPack = 16;

template <class E>
struct Pack {
  E of[kPack];

  Pack() = default;
  EIDER_INLINE Pack(E x) {
#pragma GCC unroll 1
    for (int64_t i = 0; i < kPack; ++i) of[i] = x;
  }
  template <class F>
  EIDER_INLINE explicit Pack(const Pack<F>& x) {
#pragma GCC unroll 1
    for (int64_t i = 0; i < kPack; ++i) of[i] = E(x.of[i]);
  }

  // f(0) to f(15).
  template <class F>
  EIDER_INLINE static Pack all(F f) {
    Pack pack;
#pragma GCC unroll 1
    for (int64_t i = 0; i < kPack; ++i) pack.of[i] = f(i);
    return pack;
  }

  // Friends, so that a plain number on one side becomes a pack. A comparison gives 0 or 1.
#define EIDER_PACK_OPERATOR(Result, op)                                                   \
  friend EIDER_INLINE Pack<Result> operator op(const Pack& a, const Pack& b) {            \
    return Pack<Result>::all([&](int64_t i) EIDER_LAMBDA { return a.of[i] op b.of[i]; }); \
  }
  EIDER_PACK_OPERATOR(E, +)
  EIDER_PACK_OPERATOR(E, -)
  EIDER_PACK_OPERATOR(E, *)
  EIDER_PACK_OPERATOR(E, /)
  EIDER_PACK_OPERATOR(E, &)
  EIDER_PACK_OPERATOR(E, <<)
  EIDER_PACK_OPERATOR(E, >>)
  EIDER_PACK_OPERATOR(int32_t, ==)
  EIDER_PACK_OPERATOR(int32_t, <)
  EIDER_PACK_OPERATOR(int32_t, >)
#undef EIDER_PACK_OPERATOR

  friend EIDER_INLINE Pack operator-(const Pack& a) {
    return all([&](int64_t i) EIDER_LAMBDA { return -a.of[i]; });
  }

  friend EIDER_INLINE Pack where(const Pack<int32_t>& which, const Pack& a, const Pack& b) {
    return all([&](int64_t i) EIDER_LAMBDA { return which.of[i] ? a.of[i] : b.of[i]; });
  }
};

EIDER_INLINE Pack<uint32_t> bits_of(const Pack<float>& x) {
  return Pack<uint32_t>::all([&](int64_t i) EIDER_LAMBDA { return rows::bits_of(x.of[i]); });
}

EIDER_INLINE Pack<float> float_of(const Pack<uint32_t>& bits) {
  return Pack<float>::all([&](int64_t i) EIDER_LAMBDA { return rows::float_of(bits.of[i]); });
}

// Row i's column j[i].
EIDER_INLINE Pack<float> pick(const Pack<float>* x, const Pack<int32_t>& j) {
  return Pack<float>::all([&](int64_t i) EIDER_LAMBDA { return x[j.of[i]].of[i]; });
}

EIDER_INLINE void place(Pack<float>* x, const Pack<int32_t>& j, const Pack<float>& value) {
  for (int64_t i = 0; i < kPack; ++i) x[j.of[i]].of[i] = value.of[i];
}

EIDER_INLINE Pack<float> fused(const Pack<float>& a, const Pack<float>& b, const Pack<float>& c) {
  return Pack<float>::all([&](int64_t i) EIDER_LAMBDA { return rows::fused(a.of[i], b.of[i], c.of[i]); });
}

EIDER_INLINE bool holds(const Pack<int32_t>& which) { return which.of[0] != 0; }

template <class E, class F>
struct rows::Like<Pack<E>, F> {
  using Type = Pack<F>;
};

}  // namespace eider

#endif
