package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    @Test
    void saysWhatASettingWasAndIs() {
        assertThat(Difference.between(config("seed", "1"), config("seed", "2")))
                .singleElement()
                .hasToString("--seed was \"1\" and is now \"2\"");
    }

    @Test
    void saysThatASettingWasNotThere() {
        JsonNode older = JsonNodeFactory.instance.objectNode();
        assertThat(Difference.between(older, config("precision", "f32")))
                .singleElement()
                .hasToString("--precision was not there and is now \"f32\"");
        assertThat(Difference.between(config("precision", "f32"), older))
                .singleElement()
                .hasToString("--precision was \"f32\" and is now not there");
    }

    @Test
    void saysNothingOfWhatIsTheSame() {
        assertThat(Difference.between(config("seed", "1"), config("seed", "1"))).isEmpty();
    }

    private static JsonNode config(String key, String value) {
        return JsonNodeFactory.instance.objectNode().put(key, value);
    }
}
