// bfloat16, the upper half of an f32, as a type of storage: read, it widens to f32, exactly; written, an f32 is rounded
// to it, to nearest and ties to even, beyond the largest number to infinity. There is no arithmetic on it: a loop
// templated on the type it loads and stores computes in f32 either way.
#ifndef EIDER_ROWS_BFLOAT16_H
#define EIDER_ROWS_BFLOAT16_H

#include "rows/row_math.h"

namespace eider::rows {

struct BFloat16 {
  uint16_t bits;

  EIDER_ROW operator float() const { return float_of(uint32_t(bits) << 16); }

  EIDER_ROW BFloat16& operator=(float x) {
    const uint32_t of_x = bits_of(x);
    const uint32_t rounded = (of_x + 0x7fffu + ((of_x >> 16) & 1u)) >> 16;
    // Adding to a NaN could carry it into infinity or zero; a bit that is cut off could have been the one that made it.
    const uint32_t nan = (of_x >> 16) | 0x40u;
    bits = uint16_t(x == x ? rounded : nan);
    return *this;
  }
};

// Arrays of the C ABI, where such a number is its bits.
inline const BFloat16* bfloats(const uint16_t* bits) { return reinterpret_cast<const BFloat16*>(bits); }
inline BFloat16* bfloats(uint16_t* bits) { return reinterpret_cast<BFloat16*>(bits); }

}  // namespace eider::rows

#endif
