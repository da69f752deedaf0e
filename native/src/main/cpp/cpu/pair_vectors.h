// Vectors of bf16 and of pairs of them.
//
// Compiled once for each instruction set, in a namespace of its own: EIDER_ISA. It includes nothing with functions that
// stay calls.
#ifndef EIDER_CPU_PAIR_VECTORS_H
#define EIDER_CPU_PAIR_VECTORS_H

#include <cstdint>

#include "cpu/clones.h"

namespace eider::EIDER_ISA {

typedef float Floats __attribute__((vector_size(64)));
typedef uint32_t Pairs __attribute__((vector_size(64)));
typedef uint16_t Words __attribute__((vector_size(32)));
typedef Floats UnalignedFloats __attribute__((aligned(4), may_alias));
typedef Pairs UnalignedPairs __attribute__((aligned(2), may_alias));
typedef Words UnalignedWords __attribute__((aligned(2), may_alias));
typedef uint32_t UnalignedPair __attribute__((aligned(2), may_alias));

EIDER_INLINE Words load_words(const uint16_t* p) { return *reinterpret_cast<const UnalignedWords*>(p); }
EIDER_INLINE void store_words(uint16_t* p, Words v) { *reinterpret_cast<UnalignedWords*>(p) = v; }
EIDER_INLINE Pairs load_pairs(const uint16_t* p) { return *reinterpret_cast<const UnalignedPairs*>(p); }
EIDER_INLINE void store_pairs(uint16_t* p, Pairs v) { *reinterpret_cast<UnalignedPairs*>(p) = v; }
EIDER_INLINE Floats widen(Words v) { return (Floats)(__builtin_convertvector(v, Pairs) << 16); }
// One pair in every lane.
EIDER_INLINE Pairs broadcast_pair(const uint16_t* p) { return Pairs{} + *reinterpret_cast<const UnalignedPair*>(p); }

// The numbers of two vectors in turn: pairs of one of either.
EIDER_INLINE Pairs in_turn(Words first, Words second) {
  return (Pairs)__builtin_shufflevector(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9,
                                        25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

}  // namespace eider::EIDER_ISA

#endif
