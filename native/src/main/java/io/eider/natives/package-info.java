/**
 * Eider's own C++ kernels, seen from Java: {@code Kernels} is generated from {@code abi.h}, {@link
 * io.eider.natives.NativeLibrary} loads it and says what it loaded or why not.
 *
 * <p>Nothing here knows of tensors: arguments are sizes and pointers.
 */
package io.eider.natives;
