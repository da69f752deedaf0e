package io.eider.models;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.program.Program;
import java.util.List;

/** A reference device on which tests make tensors of given numbers and look at others. */
public final class Reference {
    private final Device device = Devices.open("reference", 1);

    public Device device() {
        return device;
    }

    /** Returns a tensor of 32-bit type that holds these numbers. */
    public Tensor tensor(double[] numbers, int... dims) {
        Variable variable = new Variable("numbers", TensorType.f32(dims));
        device.variable(variable).write(numbers);
        return variable.read();
    }

    /** Returns the numbers of a tensor. */
    public double[] numbers(Tensor tensor) {
        try (Program program = Program.compile(device, List.of(tensor), List.of())) {
            program.run();
            return program.get(tensor);
        }
    }
}
