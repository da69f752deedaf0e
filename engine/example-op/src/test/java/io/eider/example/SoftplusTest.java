package io.eider.example;

import static io.eider.engine.op.Draw.normal;
import static io.eider.engine.op.OpCase.op;
import static io.eider.engine.op.OpCase.sizes;

import io.eider.engine.op.OpCase;
import io.eider.engine.op.OpCheck;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** One row, and every check that the engine's own ops have. */
class SoftplusTest {
    @TestFactory
    Stream<DynamicNode> softplus() {
        return OpCheck.tests(cases().toList());
    }

    static Stream<OpCase> cases() {
        return sizes(n -> op(new Softplus()).in(normal(n)).tolerance(4, 1, "computed in double, rounded once"));
    }
}
