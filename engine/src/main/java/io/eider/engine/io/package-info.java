/** Tensors in files: the safetensors format, and files that are whole or not there. */
package io.eider.engine.io;
