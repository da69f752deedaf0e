// The loops of the convolution by tiles for a processor with AMX and AVX-512.
#if defined(__x86_64__)
#include <immintrin.h>

#include "cpu/tile_convolution.h"

#pragma GCC target("avx512f,avx512bw,avx512vl,avx512bf16")

#define EIDER_ISA amx
#include "cpu/pair_vectors.h"

namespace eider::amx {

// A thread's tiles, all of them 16 rows of 64 bytes. Whoever configured them before finds them so again, but empty.
class Tiles {
 public:
  EIDER_INLINE Tiles() {
    asm volatile("sttilecfg %0" : "=m"(before_));
    Configuration all{};
    all.palette = 1;
    for (int i = 0; i < 8; ++i) all.row_bytes[i] = 64, all.rows[i] = 16;
    asm volatile("ldtilecfg %0" ::"m"(all));
  }
  EIDER_INLINE ~Tiles() { asm volatile("ldtilecfg %0" ::"m"(before_)); }
  Tiles(const Tiles&) = delete;
  Tiles& operator=(const Tiles&) = delete;

  template <int kTile>
  EIDER_INLINE void zero() {
    asm volatile("tilezero %%tmm%c0" ::"i"(kTile));
  }
  template <int kTile>
  EIDER_INLINE void load(const void* p, int64_t stride) {
    asm volatile("tileloadd (%1,%2,1), %%tmm%c0" ::"i"(kTile), "r"(p), "r"(stride) : "memory");
  }
  template <int kTile>
  EIDER_INLINE void store(void* p, int64_t stride) {
    asm volatile("tilestored %%tmm%c0, (%1,%2,1)" ::"i"(kTile), "r"(p), "r"(stride) : "memory");
  }
  template <int kSums, int kLeft, int kRight>
  EIDER_INLINE void multiply() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(kSums), "i"(kLeft), "i"(kRight));
  }

 private:
  struct alignas(64) Configuration {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
  };

  Configuration before_;
};

EIDER_INLINE void narrow(Floats x, uint16_t* y) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(y), (__m256i)_mm512_cvtneps_pbh((__m512)x));
}

}  // namespace eider::amx

#include "cpu/tile_convolution_loops.h"
#include "cpu/tile_gradient_loops.h"
#endif
