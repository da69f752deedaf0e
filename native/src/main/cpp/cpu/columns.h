// Walks the columns of a panel's line, of f32 or bf16.
//
// Two neighbours of bf16 are the halves of a word of 32 bits, the first the lower one as x86 orders bytes: a vector of
// words, shifted, is the f32 of the even columns, masked, that of the odd ones, and two rounded vectors become words by
// a shift and an or. Nothing crosses a vector's lanes. In return an array of a panel's columns holds the even ones
// first and the odd ones behind them: what belongs to a column lies in its slot.
#ifndef EIDER_CPU_COLUMNS_H
#define EIDER_CPU_COLUMNS_H

#include <cstring>
#include <type_traits>

#include "cpu/panels.h"
#include "rows/bfloat16.h"

namespace eider {

// A column, as the bodies below are given it: its slot, and the number that a line has there.

struct FloatColumn {
  int slot;
  EIDER_INLINE float of(const float* line) const { return line[slot]; }
};

EIDER_INLINE uint32_t pair_of_columns(const rows::BFloat16* line, int at) {
  uint32_t both;
  std::memcpy(&both, line + 2 * at, sizeof both);
  return both;
}

struct EvenColumn {
  int slot;
  EIDER_INLINE float of(const rows::BFloat16* line) const { return rows::float_of(pair_of_columns(line, slot) << 16); }
};

struct OddColumn {
  int slot;
  EIDER_INLINE float of(const rows::BFloat16* line) const {
    return rows::float_of(pair_of_columns(line, slot - kPanelWidth / 2) & 0xffff0000u);
  }
};

// The even one that has no neighbour in a line of odd width.
struct LastColumn {
  int slot;
  EIDER_INLINE float of(const rows::BFloat16* line) const { return line[2 * slot]; }
};

// Calls body(column) for every column of lines of T.
template <class T, class Body>
EIDER_INLINE void for_columns(int width, Body body) {
  if constexpr (std::is_same_v<T, float>) {
    EIDER_SIMD for (int j = 0; j < width; ++j) body(FloatColumn{j});
  } else {
    const int pairs = width / 2;
    EIDER_SIMD for (int j = 0; j < pairs; ++j) {
      body(EvenColumn{j});
      body(OddColumn{kPanelWidth / 2 + j});
    }
    if (width % 2) body(LastColumn{pairs});
  }
}

// Sets every column of a line to body(column); the line may be one that body reads.
template <class T, class Body>
EIDER_INLINE void set_columns(T* line, int width, Body body) {
  if constexpr (std::is_same_v<T, float>) {
    EIDER_SIMD for (int j = 0; j < width; ++j) line[j] = body(FloatColumn{j});
  } else {
    const int pairs = width / 2;
    EIDER_SIMD for (int j = 0; j < pairs; ++j) {
      T even, odd;
      even = body(EvenColumn{j});
      odd = body(OddColumn{kPanelWidth / 2 + j});
      const uint32_t both = uint32_t(odd.bits) << 16 | even.bits;
      std::memcpy(line + 2 * j, &both, sizeof both);
    }
    if (width % 2) line[width - 1] = body(LastColumn{pairs});
  }
}

// spread and gather of panels.h, for columns in their slots of lines of T.

template <class T>
EIDER_INLINE void spread(const Panel& panel, int64_t channels, const float* per_channel, float* columns) {
  if constexpr (std::is_same_v<T, float>) {
    spread(panel, channels, per_channel, columns);
  } else {
    float in_line[kPanelWidth] = {};
    spread(panel, channels, per_channel, in_line);
    for (int j = 0; j < kPanelWidth / 2; ++j) {
      columns[j] = in_line[2 * j];
      columns[kPanelWidth / 2 + j] = in_line[2 * j + 1];
    }
  }
}

template <class T>
EIDER_INLINE void gather(const Panel& panel, int64_t channels, const float* columns, float* per_channel) {
  if constexpr (std::is_same_v<T, float>) {
    gather(panel, channels, columns, per_channel);
  } else {
    float in_line[kPanelWidth];
    for (int j = 0; j < kPanelWidth / 2; ++j) {
      in_line[2 * j] = columns[j];
      in_line[2 * j + 1] = columns[kPanelWidth / 2 + j];
    }
    gather(panel, channels, in_line, per_channel);
  }
}

}  // namespace eider

#endif
