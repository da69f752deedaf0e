/** A tensor is a value in a graph; derivatives are graphs; a program is a compiled graph. */
package io.eider.engine;
