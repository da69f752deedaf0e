// The loops of Winograd's convolution for any x86-64: what tests compare on machines without AVX-512. Slower than
// oneDNN's direct convolution, which is what such machines use.
#define EIDER_ISA baseline
#define EIDER_MULTIPLY_ADD(a, b, c) (a) * (b) + (c)
#include "cpu/winograd_tiles.h"
