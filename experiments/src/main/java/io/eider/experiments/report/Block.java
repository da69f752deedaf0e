package io.eider.experiments.report;

import java.util.List;

/** A part of a report, before it is known how it is written. */
public sealed interface Block {
    /**
     * A heading.
     *
     * @param level 1 for the title, 2 or 3 below
     * @param text what it says
     */
    record Heading(int level, String text) implements Block {}

    /**
     * Running text.
     *
     * @param text what it says
     */
    record Paragraph(String text) implements Block {}

    /**
     * What must not be overlooked.
     *
     * @param text what it says
     */
    record Warning(String text) implements Block {}

    /**
     * A list.
     *
     * @param items in order
     */
    record Items(List<String> items) implements Block {}

    /**
     * A table. The first column is text, the others are numbers.
     *
     * @param headings of the columns
     * @param rows of as many entries
     */
    record Table(List<String> headings, List<List<Entry>> rows) implements Block {}

    /**
     * An entry of a table.
     *
     * @param text what it says
     * @param whole what that is short for, or empty
     * @param kind how it looks where there are looks
     */
    record Entry(String text, String whole, Kind kind) {
        /**
         * A plain entry.
         *
         * @param text what it says
         * @return the entry
         */
        public static Entry of(String text) {
            return new Entry(text, "", Kind.PLAIN);
        }
    }

    /** How an entry looks. */
    enum Kind {
        /** As the others. */
        PLAIN,
        /** What the eye should find. */
        STRONG,
        /** Stands for something that is not there. */
        ABSENT,
        /** Something went wrong. */
        BAD
    }
}
