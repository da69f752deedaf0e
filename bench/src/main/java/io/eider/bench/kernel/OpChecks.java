package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.op.OpCases;
import io.eider.engine.op.OpCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * The engine's own checks of every op, run on a device outside of any test framework, as a machine with a GPU may have
 * nothing but a runtime.
 *
 * @param passed how many hold
 * @param failures what the others say
 */
record OpChecks(int passed, List<String> failures) {
    /** Runs all of them: what the device computes is what the op's definition says, twice. */
    static OpChecks run(Device device) {
        List<String> failures = new ArrayList<>();
        int passed = 0;
        List<DynamicTest> tests =
                OpCheck.onDevice(device, OpCases.all()).flatMap(OpChecks::tests).toList();
        for (DynamicTest test : tests) {
            try {
                test.getExecutable().execute();
                passed++;
            } catch (DeviceFailedException failure) {
                failures.add(test.getDisplayName() + ": " + failure.getMessage() + "; what follows was not tried");
                break;
            } catch (AssertionError | RuntimeException failure) {
                failures.add(test.getDisplayName() + ": " + failure.getMessage());
            } catch (Throwable other) {
                // An Executable declares everything; checks throw nothing else.
                throw new IllegalStateException(test.getDisplayName(), other);
            }
        }
        return new OpChecks(passed, failures);
    }

    private static Stream<DynamicTest> tests(DynamicNode node) {
        return node instanceof DynamicContainer container
                ? container.getChildren().flatMap(OpChecks::tests)
                : Stream.of((DynamicTest) node);
    }
}
