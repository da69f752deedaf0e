/**
 * The service-provider interface. A {@link io.eider.engine.backend.Backend} opens
 * {@link io.eider.engine.backend.Device}s; a device keeps the numbers of variables and turns graphs into
 * {@link io.eider.engine.backend.Executable}s; a {@link io.eider.engine.backend.Kernel} runs one op on one backend and
 * may come from any jar on the class path.
 */
package io.eider.engine.backend;
