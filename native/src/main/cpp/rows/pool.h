// The square windows of a pooling over images (n, height, width, channels), a result a window and channel, in images
// (n, rows, columns, channels). A window's places are numbered row by row, r window + s; those in the padding are not
// there.
#ifndef EIDER_ROWS_POOL_H
#define EIDER_ROWS_POOL_H

#include "rows/row_math.h"

namespace eider::rows {

// From begin, before end.
struct Span {
  int begin, end;
};

struct Pool {
  int height, width, channels, window, stride, padding;
  int rows, columns;
  // Along one axis, how many windows at the most hold a pixel before the last one that does.
  int earlier;

  Pool(int height, int width, int channels, int window, int stride, int padding)
      : height(height),
        width(width),
        channels(channels),
        window(window),
        stride(stride),
        padding(padding),
        rows(count(height)),
        columns(count(width)),
        earlier(stride < 1 ? 0 : (window - 1) / stride) {}

  // Whether every window holds a pixel, places fit a byte, and numbers of pixels and results of an image fit an int.
  bool possible() const {
    if (window < 1 || window > 15 || stride < 1 || padding < 0 || padding >= window) return false;
    if (height < 1 || width < 1 || channels < 1) return false;
    const int64_t padded_height = int64_t(height) + 2 * padding, padded_width = int64_t(width) + 2 * padding;
    return padded_height >= window && padded_width >= window && padded_height * padded_width <= INT32_MAX / channels;
  }

  // The first place of the window of result (p, q).
  EIDER_ROW int first_place(int p, int q) const { return places(p, height).begin * window + places(q, width).begin; }

  // f(place, pixel) for the places of the window of result (p, q), in their order, with the pixel's number in its
  // image.
  template <class F>
  EIDER_ROW void each_place(int p, int q, F f) const {
    const Span r = places(p, height), s = places(q, width);
    for (int i = r.begin; i < r.end; ++i) {
      for (int j = s.begin; j < s.end; ++j) {
        f(i * window + j, (p * stride - padding + i) * width + q * stride - padding + j);
      }
    }
  }

  // f(place, result) for the windows that hold pixel (y, x), in the order of their results, with the place that the
  // pixel is in the window and the result's number in its image.
  template <class F>
  EIDER_ROW void each_window(int y, int x, F f) const {
    const Span p = windows(y, rows), q = windows(x, columns);
    for (int i = p.begin; i < p.end; ++i) {
      const int r = y + padding - i * stride;
      for (int j = q.begin; j < q.end; ++j) {
        const int s = x + padding - j * stride;
        if (r < window && s < window) f(r * window + s, i * columns + j);
      }
    }
  }

 private:
  int count(int size) const {
    return stride < 1 ? 0 : int((int64_t(size) - window + 2 * int64_t(padding)) / stride + 1);
  }

  // Along one axis, of a window: its places within the image.
  EIDER_ROW Span places(int result, int size) const {
    const int first = result * stride - padding;
    return {first < 0 ? -first : 0, first + window > size ? size - first : window};
  }

  // Along one axis, of a pixel: the results whose windows may hold it, of so many. To leave out the first ones that do
  // not would take another division.
  EIDER_ROW Span windows(int pixel, int count) const {
    const int last = (pixel + padding) / stride;
    return {last < earlier ? 0 : last - earlier, last < count ? last + 1 : count};
  }
};

// Whether a pixel takes the place of the largest so far, which is -infinity at the first place before there is one: NaN
// stays, and goes before any number.
EIDER_ROW bool takes_over(float x, float largest) { return !(x <= largest) && largest == largest; }

}  // namespace eider::rows

#endif
