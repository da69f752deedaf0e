package io.eider.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An op without a row in {@link OpCases} is an op without tests. */
class EveryOpHasACaseTest {
    @ParameterizedTest
    @ValueSource(strings = {"io.eider.engine.op.primitive", "io.eider.engine.op.fused"})
    void everyOpHasACase(String packageName) throws IOException {
        assertThat(ops(packageName)).isNotEmpty();
        assertThat(withoutACase(packageName)).as("ops without a row in OpCases").isEmpty();
    }

    @Test
    void anOpWithoutACaseIsReported() throws IOException {
        assertThat(withoutACase("io.eider.engine.op")).contains(Forgotten.class);
    }

    /** An op that nobody wrote a row for. */
    record Forgotten() implements Primitive {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return inputs;
        }

        @Override
        public void reference(Node node, double[][] inputs, double[][] outputs) {}

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return cotangents;
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return tangents;
        }
    }

    private static List<Class<?>> withoutACase(String packageName) throws IOException {
        Set<Class<?>> covered =
                OpCases.all().stream().map(row -> row.op().getClass()).collect(Collectors.toSet());
        return ops(packageName).stream().filter(op -> !covered.contains(op)).toList();
    }

    /** Classes in a package (not below) that are ops: looked up in the class files, so that none can be forgotten. */
    private static List<Class<?>> ops(String packageName) throws IOException {
        ClassLoader loader = EveryOpHasACaseTest.class.getClassLoader();
        return Collections.list(loader.getResources(packageName.replace('.', '/'))).stream()
                .flatMap(EveryOpHasACaseTest::classFiles)
                .<Class<?>>map(file -> load(loader, packageName + "." + file.replaceAll("\\.class$", "")))
                .filter(type -> Op.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                .toList();
    }

    private static Stream<String> classFiles(URL folder) {
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(ClassLoader loader, String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
