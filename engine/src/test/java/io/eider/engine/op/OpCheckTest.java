package io.eider.engine.op;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every op of the engine, by its rows in {@link OpCases}. */
class OpCheckTest {
    @TestFactory
    Stream<DynamicNode> everyOp() {
        return OpCheck.tests(OpCases.all());
    }
}
