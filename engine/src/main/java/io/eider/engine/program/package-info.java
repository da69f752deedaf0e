/**
 * From a graph to something that runs. {@link io.eider.engine.program.Program#compile compile} applies the
 * {@link io.eider.engine.program.Pass}es, each a graph → graph function in a file of its own, and hands the result to a
 * device, which plans memory and binds kernels. Nodes run in the order in which they were written.
 */
package io.eider.engine.program;
