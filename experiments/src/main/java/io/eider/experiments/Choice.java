package io.eider.experiments;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the constants of an enum are written in commands and files: lower case, words joined by hyphens. */
public final class Choice {
    private Choice() {}

    /**
     * The written form of a constant.
     *
     * @param constant such as {@code CIFAR10_LT}
     * @return such as {@code cifar10-lt}
     */
    public static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The constant that a text names.
     *
     * @param <E> the enum
     * @param type the enum
     * @param text a written form
     * @return the constant
     * @throws UserError if there is none; lists the valid ones
     */
    public static <E extends Enum<E>> E parse(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> id(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new UserError("'" + text + "' is not one of " + list(type)));
    }

    /**
     * All written forms.
     *
     * @param type the enum
     * @return the forms, joined by commas
     */
    public static String list(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Choice::id).collect(Collectors.joining(", "));
    }
}
