/**
 * What backends share that plan the memory of a graph and walk a list of native kernels: where values lie, and Eider's
 * own kernels, given the native functions of a backend.
 */
package io.eider.engine.backend.planned;
