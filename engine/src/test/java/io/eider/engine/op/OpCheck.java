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
        for (Backend backend : Devices.backends()) {
            try {
                open.add(backend.open(THREADS));
            } catch (DeviceUnavailableException e) {
                nodes.add(skipped(backend.name(), e.getMessage()));
            }
        }
        return Stream.concat(nodes.stream(), grouped(cases, open, false)).onClose(() -> open.forEach(Device::close));
    }

    /** Returns the checks of all cases on one device alone, which stays open, grouped by op. */
    public static Stream<DynamicNode> onDevice(Device device, Collection<OpCase> cases) {
        return grouped(cases, List.of(device), true);
    }

    private static Stream<DynamicNode> grouped(Collection<OpCase> cases, List<Device> devices, boolean devicesOnly) {
        List<DeviceCheck> checked = devices.stream().map(DeviceCheck::of).toList();
        Map<String, List<OpCase>> byOp = cases.stream()
                .collect(Collectors.groupingBy(row -> row.op().name(), LinkedHashMap::new, Collectors.toList()));
        return byOp.entrySet().stream()
                .map(rows -> dynamicContainer(
                        rows.getKey(),
                        rows.getValue().stream()
                                .flatMap(row -> checks(row, checked, devicesOnly).checks.entrySet().stream()
                                        .map(check -> dynamicTest(
                                                check.getKey() + ": " + row,
                                                () -> check.getValue().accept(row))))));
    }

    /** Runs every check of a case that needs no device. */
    public static void derivativesAndShapes(OpCase row) {
        checks(row, List.of(), false).checks.values().forEach(check -> check.accept(row));
    }

    private static OpCheck checks(OpCase row, List<DeviceCheck> devices, boolean devicesOnly) {
        OpCheck all = new OpCheck();
        if (!devicesOnly) {
            all.derivativesAndShapesOf(row);
        }
        all.definitionOn(devices, row);
        return all;
    }

    private void derivativesAndShapesOf(OpCase row) {
        boolean differentiable = !row.inputs().isEmpty() && !row.rounds();
        if (differentiable) {
            checks.put("jvp = difference", DerivativeCheck::jvpIsDifference);
            checks.put("vjp adjoint to jvp", DerivativeCheck::vjpIsAdjointOfJvp);
        }
        if (differentiable && row.kind() == Kind.SMOOTH) {
            checks.put("second order", DerivativeCheck::secondOrder);
        }
        if (row.op() instanceof FusedOp) {
            checks.put("types = decomposition", ShapeCheck::decompositionHasTheTypes);
        }
        if (differentiable && row.op() instanceof FusedOp) {
            checks.put("rules = decomposition", DerivativeCheck::rulesFollowFromDecomposition);
        }
        checks.put("bad inputs are refused", ShapeCheck::badInputsAreRefused);
    }

    private void definitionOn(List<DeviceCheck> devices, OpCase row) {
        for (DeviceCheck device : devices) {
            if (device.keeps(row)) {
                checks.put(device.name() + " = definition", device::parity);
                if (device.fuses(row)) {
                    checks.put(device.name() + " kernel = decomposition", device::kernelIsDecomposition);
                }
            }
        }
    }

    private static DynamicTest skipped(String backend, String reason) {
        return dynamicTest(backend + " is not checked: " + reason, () -> {
            System.out.println("op checks on " + backend + " skipped: " + reason);
            throw new TestAbortedException(reason);
        });
    }
}
