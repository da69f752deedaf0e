/**
 * Ops: one record in one file each, holding shapes, meaning and both derivative rules. Primitives are defined by plain
 * Java over {@code double[]}, fused ops by a decomposition into primitives; a kernel of a backend only makes them fast.
 */
package io.eider.engine.op;
