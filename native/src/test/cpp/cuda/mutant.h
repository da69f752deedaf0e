// Planted defects, one at a time: mutants.py puts these macros into a copy of the kernels' sources, all at once, and
// the environment says which of them is alive. So a sweep over all defects compiles once.
#ifndef EIDER_TEST_MUTANT_H
#define EIDER_TEST_MUTANT_H

#include <cstdlib>

namespace mutant {

inline const int alive = std::getenv("EIDER_MUTANT") == nullptr ? -1 : std::atoi(std::getenv("EIDER_MUTANT"));

// By how much a bound is off: defect k raises it by one, k + 1 lowers it.
inline int shift(int k) { return alive == k ? 1 : alive == k + 1 ? -1 : 0; }

}  // namespace mutant

#define EIDER_MUTANT(k) (mutant::alive == (k))
#define EIDER_SHIFT(k) mutant::shift(k)

#endif
