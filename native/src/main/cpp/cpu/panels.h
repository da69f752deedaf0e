// Walks a rows x channels matrix so that vectors are full for any number of channels.
//
// A panel is a piece at most 64 floats wide, of equal lines a fixed stride apart. Few channels: as many rows as fit are
// one line (4 rows of 16 channels, 21 rows of 3), so column j of a line is channel j % channels. Many channels: a panel
// is 64 of the columns. The hot widths 16, 32 and 64 all become width 64, for which loops have a constant trip count
// and keep their partial results in registers.
#ifndef EIDER_CPU_PANELS_H
#define EIDER_CPU_PANELS_H

#include <algorithm>
#include <cstdint>

#include "cpu/clones.h"

namespace eider {

constexpr int kPanelWidth = 64;
// 64 lines of 64 floats: a block is 16 KiB and stays in L1 between two passes.
constexpr int64_t kBlockLines = 64;

struct Panel {
  int64_t lines, stride, offset;  // line l starts at offset + l * stride
  int64_t channel;                // of column 0
  int width;
};

EIDER_INLINE int64_t rows_per_line(int64_t channels) { return std::max<int64_t>(kPanelWidth / channels, 1); }

// Rows in one block of a reduction over rows: depends on channels alone, so partial sums do not depend on threads.
EIDER_INLINE int64_t rows_per_block(int64_t channels) { return kBlockLines * rows_per_line(channels); }

inline int64_t block_count(int64_t rows, int64_t channels) {
  const int64_t per_block = rows_per_block(channels);
  return (rows + per_block - 1) / per_block;
}

// Calls body(panel) for panels that cover rows [begin, end) of the matrix.
template <class Body>
EIDER_INLINE void for_panels(int64_t begin, int64_t end, int64_t channels, Body body) {
  if (channels > kPanelWidth) {
    // Rows in blocks, so that all columns of a block are done while its rows are near.
    for (int64_t row = begin; row < end; row += kBlockLines) {
      const int64_t lines = std::min(kBlockLines, end - row);
      for (int64_t c = 0; c < channels; c += kPanelWidth) {
        body(Panel{lines, channels, row * channels + c, c, int(std::min<int64_t>(kPanelWidth, channels - c))});
      }
    }
    return;
  }
  const int64_t per_line = rows_per_line(channels), line = per_line * channels, lines = (end - begin) / per_line;
  if (lines > 0) body(Panel{lines, line, begin * channels, 0, int(line)});
  const int64_t rest = (end - begin) * channels - lines * line;
  if (rest > 0) body(Panel{1, rest, begin * channels + lines * line, 0, int(rest)});
}

// A line is whole rows, or a part of one: its columns are these many channels, over and over.
EIDER_INLINE int period(const Panel& panel, int64_t channels) { return int(std::min<int64_t>(panel.width, channels)); }

// Spreads a per-channel array over the columns of a panel.
EIDER_INLINE void spread(const Panel& panel, int64_t channels, const float* per_channel, float* columns) {
  const int repeat = period(panel, channels);
  for (int first = 0; first < panel.width; first += repeat) {
    EIDER_SIMD for (int c = 0; c < repeat; ++c) columns[first + c] = per_channel[panel.channel + c];
  }
}

// Adds a panel's columns to their channels, in order.
EIDER_INLINE void gather(const Panel& panel, int64_t channels, const float* columns, float* per_channel) {
  const int repeat = period(panel, channels);
  for (int first = 0; first < panel.width; first += repeat) {
    EIDER_SIMD for (int c = 0; c < repeat; ++c) per_channel[panel.channel + c] += columns[first + c];
  }
}

// Calls body(width), with a constant where the width is the hot one: body is inlined twice.
template <class Body>
EIDER_INLINE void with_width(const Panel& panel, Body body) {
  if (panel.width == kPanelWidth) {
    body(kPanelWidth);
  } else {
    body(panel.width);
  }
}

}  // namespace eider

#endif
