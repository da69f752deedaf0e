package io.eider.engine.backend.planned;

import java.util.Arrays;
import org.bytedeco.javacpp.LongPointer;

/** Extents and strides as native arrays; closed with the kernel that passes them. */
final class Extents {
    private Extents() {}

    static LongPointer of(int... values) {
        return of(Arrays.stream(values).asLongStream().toArray());
    }

    static LongPointer of(long... values) {
        // At least one element: JavaCPP gives an empty array the null address.
        LongPointer array = new LongPointer(Math.max(values.length, 1));
        return array.put(values, 0, values.length);
    }
}
