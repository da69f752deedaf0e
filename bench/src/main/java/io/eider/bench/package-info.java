/** Benchmarks; each checks its own result once before it measures. */
package io.eider.bench;
