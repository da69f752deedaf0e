// How a CPU kernel gets vector code on every x86-64.
//
// A kernel's inner range function is a plain function marked EIDER_CLONES: the compiler makes one copy per instruction
// set and the loader picks one. Only the marked function is cloned, so everything it calls must be EIDER_INLINE
// (lambdas too): a helper that stays a call would run baseline code. OpenMP outlines a parallel region's body into a
// function that is not cloned, so regions call the range function and never contain the loop.
#ifndef EIDER_CPU_CLONES_H
#define EIDER_CPU_CLONES_H

// The loader runs the resolvers behind clones before the sanitizers' runtime exists, so there are none under one.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__x86_64__)
#define EIDER_HAS_CLONES 0
#define EIDER_CLONES __attribute__((noinline))
#else
#define EIDER_HAS_CLONES 1
#define EIDER_CLONES __attribute__((noinline, target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif

#define EIDER_LAMBDA __attribute__((always_inline))
#define EIDER_INLINE inline __attribute__((always_inline))

// An output that is the same array as an input has no dependence between iterations: that is all this promises, and
// why kernels say it instead of __restrict.
#define EIDER_SIMD _Pragma("GCC ivdep")

#endif
