/** The backend that defines every other: primitives by their own plain-Java meaning, all numbers in 64 bits. */
package io.eider.engine.backend.reference;
