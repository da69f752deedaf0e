package io.eider.engine.op;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds code in documentation and in compiled files, so that a test can hold them together. */
public final class Snippets {
    private static final Pattern IN_MARKDOWN = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?) \\* }</pre>", Pattern.DOTALL);

    private Snippets() {}

    /** Returns every Java block of a Markdown file. */
    public static List<String> blocks(Path markdown) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = IN_MARKDOWN.matcher(Files.readString(markdown));
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** Returns the code of the first {@code <pre>} block of a documentation comment. */
    public static String documented(Path java) throws IOException {
        Matcher matcher = IN_JAVADOC.matcher(Files.readString(java));
        if (!matcher.find()) {
            throw new IllegalArgumentException(java + " documents no code");
        }
        return matcher.group(1).replaceAll("(?m)^ \\* ?", "");
    }

    /** Returns the lines between {@code // begin name} and {@code // end name}, without their common indentation. */
    public static String region(Path java, String name) throws IOException {
        Matcher matcher = Pattern.compile("// begin " + name + "\n(.*?)[ ]*// end " + name + "\n", Pattern.DOTALL)
                .matcher(Files.readString(java));
        if (!matcher.find()) {
            throw new IllegalArgumentException(java + " has no region " + name);
        }
        // A line break at the end would count as a line without indentation.
        return matcher.group(1).stripTrailing().stripIndent() + "\n";
    }

    /** Returns the text with runs of spaces as one: documentation may align what a formatter does not. */
    public static String singleSpaced(String text) {
        return text.strip().replaceAll(" +", " ").replaceAll("(?m) $", "");
    }
}
