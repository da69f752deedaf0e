// The loops of Winograd's convolution for AVX-512: 16 channels are one register.
#include <immintrin.h>

#pragma GCC target("avx512f")
#define EIDER_ISA avx512
#define EIDER_MULTIPLY_ADD(a, b, c) _mm512_fmadd_ps(a, b, c)
#include "cpu/winograd_tiles.h"
