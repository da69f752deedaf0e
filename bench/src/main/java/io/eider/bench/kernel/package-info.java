/** Single kernels, timed beside a copy of the same bytes and beside what they replace. */
package io.eider.bench.kernel;
