/** The ops that every backend must have a kernel for; closed under differentiation in both modes. */
package io.eider.engine.op.primitive;
