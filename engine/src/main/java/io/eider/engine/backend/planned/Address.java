package io.eider.engine.backend.planned;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Addresses of device memory as the bindings want them: views that own nothing and are never freed. */
public final class Address {
    private static final class View extends Pointer {
        private View(long to) {
            super((Pointer) null);
            address = to;
        }
    }

    private Address() {}

    /** Returns an address. */
    public static Pointer of(long address) {
        return new View(address);
    }

    /** Returns an array of f32. */
    public static FloatPointer floats(long address) {
        return new FloatPointer(of(address));
    }

    /** Returns an array of bf16 numbers, which are their bits. */
    public static ShortPointer bfloats(long address) {
        return new ShortPointer(of(address));
    }

    /** Returns an array of i32. */
    public static IntPointer ints(long address) {
        return new IntPointer(of(address));
    }

    /** Returns an array of bytes. */
    public static BytePointer bytes(long address) {
        return new BytePointer(of(address));
    }
}
