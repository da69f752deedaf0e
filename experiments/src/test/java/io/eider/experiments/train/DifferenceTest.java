package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    @Test
    void aSwitchThatIsNotThereIsOff() {
        ObjectNode older = config("precision", "f32");
        ObjectNode off = older.deepCopy().put("tf32", false);
        assertThat(Difference.between(older, off)).isEmpty();
        assertThat(Difference.between(off, older)).isEmpty();
        assertThat(Difference.between(older, older.deepCopy().put("tf32", true)))
                .singleElement()
                .hasToString("--tf32 was not there and is now true");
    }

    private static ObjectNode config(String key, String value) {
        return JsonNodeFactory.instance.objectNode().put(key, value);
    }
}
