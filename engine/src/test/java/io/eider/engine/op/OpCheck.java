package io.eider.engine.op;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.eider.engine.backend.Backend;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.op.OpCase.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/**
 * Derives every check of an op from its cases. A test factory returns {@code OpCheck.tests(cases)}; an op in another
 * jar is checked the same way.
 */
public final class OpCheck {
    private static final int THREADS = 2;

    private final Map<String, Consumer<OpCase>> checks = new LinkedHashMap<>();

    private OpCheck() {}

    /** Returns the checks of all cases, grouped by op, on every backend that is found. */
    public static Stream<DynamicNode> tests(Collection<OpCase> cases) {
        List<Device> open = new ArrayList<>();
        List<DynamicNode> nodes = new ArrayList<>();
        Map<String, DeviceCheck> devices = new LinkedHashMap<>();
        for (Backend backend : Devices.backends()) {
            try {
                Device device = backend.open(THREADS);
                open.add(device);
                devices.put(backend.name(), DeviceCheck.of(backend.name(), device));
            } catch (DeviceUnavailableException e) {
                nodes.add(skipped(backend.name(), e.getMessage()));
            }
        }
        Map<String, List<OpCase>> byOp = cases.stream()
                .collect(Collectors.groupingBy(row -> row.op().name(), LinkedHashMap::new, Collectors.toList()));
        byOp.forEach((name, rows) -> nodes.add(dynamicContainer(
                name,
                rows.stream()
                        .flatMap(row -> checks(row, devices).checks.entrySet().stream()
                                .map(check -> dynamicTest(
                                        check.getKey() + ": " + row,
                                        () -> check.getValue().accept(row)))))));
        return nodes.stream().onClose(() -> open.forEach(Device::close));
    }

    /** Runs every check of a case that needs no device. */
    public static void derivativesAndShapes(OpCase row) {
        checks(row, Map.of()).checks.values().forEach(check -> check.accept(row));
    }

    private static OpCheck checks(OpCase row, Map<String, DeviceCheck> devices) {
        OpCheck all = new OpCheck();
        boolean differentiable = !row.inputs().isEmpty() && !row.rounds();
        if (differentiable) {
            all.checks.put("jvp = difference", DerivativeCheck::jvpIsDifference);
            all.checks.put("vjp adjoint to jvp", DerivativeCheck::vjpIsAdjointOfJvp);
        }
        if (differentiable && row.kind() == Kind.SMOOTH) {
            all.checks.put("second order", DerivativeCheck::secondOrder);
        }
        if (row.op() instanceof FusedOp) {
            all.checks.put("types = decomposition", ShapeCheck::decompositionHasTheTypes);
        }
        if (differentiable && row.op() instanceof FusedOp) {
            all.checks.put("rules = decomposition", DerivativeCheck::rulesFollowFromDecomposition);
        }
        all.checks.put("bad inputs are refused", ShapeCheck::badInputsAreRefused);
        devices.forEach((name, device) -> {
            if (!device.keeps(row)) {
                return;
            }
            all.checks.put(name + " = definition", device::parity);
            if (device.fuses(row)) {
                all.checks.put(name + " kernel = decomposition", device::kernelIsDecomposition);
            }
        });
        return all;
    }

    private static DynamicTest skipped(String backend, String reason) {
        return dynamicTest(backend + " is not checked: " + reason, () -> {
            System.out.println("op checks on " + backend + " skipped: " + reason);
            throw new TestAbortedException(reason);
        });
    }
}
