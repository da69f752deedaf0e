/** The ops that exist because a kernel for the whole pays; each is defined by its decomposition. */
package io.eider.engine.op.fused;
