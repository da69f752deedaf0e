package io.eider.engine.op;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every op against its definition; each runs twice, the second time as a captured graph. */
@Tag("cuda")
class CudaOpCheckTest {
    @TestFactory
    Stream<DynamicNode> everyOp() {
        Device device = Devices.open("cuda", 1);
        return OpCheck.onDevice(device, OpCases.all()).onClose(device::close);
    }
}
