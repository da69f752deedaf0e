// The loops of the convolution by pairs for a processor with AVX-512's products of bf16.
#if defined(__x86_64__)
#include <immintrin.h>

#pragma GCC target("avx512f,avx512bw,avx512vl,avx512bf16")

#define EIDER_ISA avx512bf16
#include "cpu/pair_vectors.h"

namespace eider::avx512bf16 {

EIDER_INLINE Floats multiply_add(Pairs a, Pairs b, Floats sums) {
  return (Floats)_mm512_dpbf16_ps((__m512)sums, (__m512bh)a, (__m512bh)b);
}

EIDER_INLINE Words narrow(Floats x) { return (Words)_mm512_cvtneps_pbh((__m512)x); }

}  // namespace eider::avx512bf16

#include "cpu/pair_convolution_loops.h"
#include "cpu/pair_gradient_loops.h"
#endif
