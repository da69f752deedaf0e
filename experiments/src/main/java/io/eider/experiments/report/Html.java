package io.eider.experiments.report;

import io.eider.experiments.report.Block.Entry;
import io.eider.experiments.report.Block.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a report as one HTML file that needs nothing else, and is well-formed XML too. */
public final class Html {
    private static final String STYLE = "report.css";

    private Html() {}

    /**
     * Writes a report.
     *
     * @param title of the window
     * @param blocks its parts
     * @return HTML
     */
    public static String of(String title, List<Block> blocks) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                %s</body>
                </html>
                """.formatted(
                        escape(title), style(), blocks.stream().map(Html::block).collect(Collectors.joining()));
    }

    private static String block(Block block) {
        if (block instanceof Block.Heading heading) {
            return element("h" + heading.level(), "", escape(heading.text())) + "\n";
        }
        if (block instanceof Block.Warning warning) {
            return element("p", attribute("class", "warning"), escape(warning.text())) + "\n";
        }
        if (block instanceof Block.Items list) {
            return "<ul>\n"
                    + list.items().stream()
                            .map(item -> element("li", "", escape(item)) + "\n")
                            .collect(Collectors.joining())
                    + "</ul>\n";
        }
        if (block instanceof Block.Table table) {
            return table(table);
        }
        return element("p", "", escape(((Block.Paragraph) block).text())) + "\n";
    }

    private static String table(Block.Table table) {
        String head = table.headings().stream()
                .map(heading -> element("th", attribute("scope", "col"), escape(heading)))
                .collect(Collectors.joining());
        String body = table.rows().stream()
                .map(row -> "<tr>" + row.stream().map(Html::entry).collect(Collectors.joining()) + "</tr>\n")
                .collect(Collectors.joining());
        return "<div class=\"scroll\"><table>\n<thead><tr>" + head + "</tr></thead>\n<tbody>\n" + body
                + "</tbody>\n</table></div>\n";
    }

    private static String entry(Entry entry) {
        String look = entry.kind() == Kind.PLAIN
                ? ""
                : attribute("class", entry.kind().name().toLowerCase(Locale.ROOT));
        String whole = entry.whole().isEmpty() ? "" : attribute("title", entry.whole());
        return element("td", look + whole, escape(entry.text()));
    }

    private static String element(String name, String attributes, String content) {
        return "<" + name + attributes + ">" + content + "</" + name + ">";
    }

    private static String attribute(String name, String value) {
        return " " + name + "=\"" + escape(value) + "\"";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String style() {
        try (InputStream in = Html.class.getResourceAsStream(STYLE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + STYLE + " of this program cannot be read", e);
        }
    }
}
