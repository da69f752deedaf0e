// Between numbers of bf16 as they lie in images and filters and the orders that tiles want, a vector at a time.
//
// Compiled once for each instruction set, in a namespace of its own: EIDER_ISA. It includes nothing with functions that
// stay calls.
#ifndef EIDER_CPU_TILE_VECTORS_H
#define EIDER_CPU_TILE_VECTORS_H

#include "cpu/pair_vectors.h"
#include "cpu/tile_convolution.h"

namespace eider::EIDER_ISA {

typedef uint64_t Quads __attribute__((vector_size(64)));

// Rows of 16 numbers, two for each of the pairs' rows that are made, to rows of 16 pairs of a number and the one below
// it.
EIDER_INLINE void interleave(int64_t count, const uint16_t* rows, int64_t pitch, uint16_t* out) {
  for (int64_t i = 0; i < count; ++i, rows += 2 * pitch, out += kTileDepth) {
    store_pairs(out, in_turn(load_words(rows), load_words(rows + pitch)));
  }
}

// 16 x 16 pairs, in four stages: each exchanges parts twice as far from one another as the one before.
EIDER_INLINE void transpose(const uint16_t* in, int64_t in_pitch, uint16_t* out, int64_t out_pitch) {
  Pairs a[16], b[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) a[i] = load_pairs(in + i * in_pitch);
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    const int from = i / 2 * 4 + i % 2, to = i / 2 * 4 + i % 2 * 2;
    const Quads first = (Quads)b[from], second = (Quads)b[from + 2];
    a[to] = (Pairs)__builtin_shufflevector(first, second, 0, 8, 2, 10, 4, 12, 6, 14);
    a[to + 1] = (Pairs)__builtin_shufflevector(first, second, 1, 9, 3, 11, 5, 13, 7, 15);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    const int from = i / 4 * 8 + i % 4;
    b[from] = __builtin_shufflevector(a[from], a[from + 4], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    b[from + 4] =
        __builtin_shufflevector(a[from], a[from + 4], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    store_pairs(out + i * out_pitch,
                __builtin_shufflevector(b[i], b[i + 8], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27));
    store_pairs(out + (i + 8) * out_pitch,
                __builtin_shufflevector(b[i], b[i + 8], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31));
  }
}

EIDER_INLINE void copy(uint16_t* to, const uint16_t* from, int64_t count) { __builtin_memcpy(to, from, 2 * count); }
EIDER_INLINE void clear(uint16_t* p, int64_t count) { __builtin_memset(p, 0, 2 * count); }

}  // namespace eider::EIDER_ISA

#endif
