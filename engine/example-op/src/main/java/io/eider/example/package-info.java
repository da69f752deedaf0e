/** An op and its CPU kernel in a jar of their own: put the jar on the class path and the engine finds both. */
package io.eider.example;
