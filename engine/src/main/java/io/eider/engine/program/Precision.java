package io.eider.engine.program;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Input;

/** In what a program keeps its images. A property of a program: models and derivatives are written in f32 and know nothing of it. */
public enum Precision {
    /** Everything as declared; what other precisions are judged by. */
    F32,
    /** Images and the operands of convolutions in bf16, everything else and all sums in f32: {@link MixedPrecision}. */
    BF16;

    /** Returns whether a device can keep images so. */
    public boolean isOn(Device device) {
        TensorType image = new TensorType(DType.BF16, Shape.SCALAR);
        return this == F32 || device.supports(Input.input("image", image).node());
    }

    /**
     * Checks that a device can keep images so.
     *
     * @throws DeviceUnavailableException if it cannot
     */
    public void requireOn(Device device) {
        if (!isOn(device)) {
            throw new DeviceUnavailableException(
                    "precision bf16 is not to be had on this device (" + device.description() + "); use f32");
        }
    }
}
