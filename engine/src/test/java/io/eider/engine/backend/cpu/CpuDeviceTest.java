package io.eider.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.planned.DeviceContract;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.fused.SgdStep;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuDeviceTest extends DeviceContract {
    @Override
    protected Device opened() {
        return new CpuBackend().open(2);
    }

    @Test
    void an_update_in_place_needs_no_arena() {
        Variable p = variable("p", 1, 2);
        Variable b = variable("b", 10, 20);
        Tensor gradient = Input.input("g", PAIR);
        Tensor rate = Fill.fill(0.5, TensorType.f32());
        Tensor[] next = new Node(new SgdStep(0.5, 0, false), List.of(p.read(), b.read(), gradient, rate)).outputs();
        Executable program = run(List.of(), new Assignment(p, next[0]), new Assignment(b, next[1]));
        assertThat(program.arenaBytes()).isZero();
        assertThat(read(device.variable(b))).containsExactly(5, 10);
        assertThat(read(device.variable(p))).containsExactly(-1.5f, -3);
    }

    @Test
    void memory_that_is_not_there_is_asked_for_by_name() {
        assertThatThrownBy(() -> NativeMemory.zeros("the arena", 1L << 60))
                .isInstanceOf(DeviceMemoryException.class)
                .hasMessageContaining(Long.toString(1L << 60))
                .hasMessageContaining("smaller batch");
    }

    @Test
    void one_openmp_runtime_is_mapped() throws IOException {
        step(4).run();
        long runtimes = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("libgomp"))
                .map(line -> line.substring(line.indexOf('/')))
                .distinct()
                .count();
        assertThat(runtimes).isEqualTo(1);
    }

    @Test
    void the_description_names_libraries_and_threads() {
        assertThat(device.description()).contains("2 threads", "oneDNN 3.11");
    }
}
