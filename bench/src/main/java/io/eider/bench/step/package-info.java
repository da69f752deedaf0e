/** Whole training steps, timed for comparison with other engines. */
package io.eider.bench.step;
