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
        return tests(cases, Devices.backends(), false);
    }

    /** Returns the checks of all cases on one backend alone, grouped by op. */
    public static Stream<DynamicNode> onDevice(String name, Collection<OpCase> cases) {
        List<Backend> named = Devices.backends().stream()
                .filter(backend -> backend.name().equals(name))
                .toList();
        return tests(cases, named, true);
    }

    private static Stream<DynamicNode> tests(Collection<OpCase> cases, List<Backend> backends, boolean devicesOnly) {
        List<Device> open = new ArrayList<>();
        List<DynamicNode> nodes = new ArrayList<>();
        Map<String, DeviceCheck> devices = new LinkedHashMap<>();
        for (Backend backend : backends) {
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
                        .flatMap(row -> checks(row, devices, devicesOnly).checks.entrySet().stream()
                                .map(check -> dynamicTest(
                                        check.getKey() + ": " + row,
                                        () -> check.getValue().accept(row)))))));
        return nodes.stream().onClose(() -> open.forEach(Device::close));
    }

    /** Runs every check of a case that needs no device. */
    public static void derivativesAndShapes(OpCase row) {
        checks(row, Map.of(), false).checks.values().forEach(check -> check.accept(row));
    }

    private static OpCheck checks(OpCase row, Map<String, DeviceCheck> devices, boolean devicesOnly) {
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

    private void definitionOn(Map<String, DeviceCheck> devices, OpCase row) {
        devices.forEach((name, device) -> {
            if (!device.keeps(row)) {
                return;
            }
            checks.put(name + " = definition", device::parity);
            if (device.fuses(row)) {
                checks.put(name + " kernel = decomposition", device::kernelIsDecomposition);
            }
        });
    }

    private static DynamicTest skipped(String backend, String reason) {
        return dynamicTest(backend + " is not checked: " + reason, () -> {
            System.out.println("op checks on " + backend + " skipped: " + reason);
            throw new TestAbortedException(reason);
        });
    }
}
