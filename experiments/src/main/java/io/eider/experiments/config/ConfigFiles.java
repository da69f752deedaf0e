package io.eider.experiments.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The YAML files of this package. */
public final class ConfigFiles {
    /** The name of the file with the defaults. */
    public static final String DEFAULTS = "defaults.yaml";

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();

    private ConfigFiles() {}

    /**
     * The default of every setting.
     *
     * @return a tree of its own at each call
     */
    public static ObjectNode defaults() {
        return (ObjectNode) read(DEFAULTS);
    }

    /**
     * Settings as the files of this package write them.
     *
     * @param settings a tree
     * @return YAML
     */
    public static String text(JsonNode settings) {
        try {
            return YAML.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("settings cannot be written as YAML: " + settings, e);
        }
    }

    /** Returns a file as a tree. */
    static JsonNode read(String name) {
        try (InputStream in = ConfigFiles.class.getResourceAsStream(name)) {
            return YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + name + " of this program cannot be read", e);
        }
    }

    /** Returns a part of a file as an object. */
    static <T> T value(JsonNode tree, Class<T> type) {
        try {
            return YAML.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a configuration file of this program is not as it should be", e);
        }
    }

    /** Returns the value that a text stands for in YAML. */
    static JsonNode value(String text) throws JsonProcessingException {
        return YAML.readTree(text);
    }
}
