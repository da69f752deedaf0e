package io.eider.experiments.table;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where cells were trained: processor, cores, device. Each place has a letter, because its description is long.
 *
 * @param descriptions in the order of their letters
 */
record Places(List<String> descriptions) {
    private static final int LETTERS = 26;

    static Places of(TableResult table) {
        Set<String> descriptions = new LinkedHashSet<>();
        table.cells().filter(cell -> cell.record().isPresent()).forEach(cell -> descriptions.add(description(cell)));
        return new Places(List.copyOf(descriptions));
    }

    /** The letter of a cell's place, empty if it was not begun. */
    String letter(CellResult cell) {
        int index = descriptions.indexOf(description(cell));
        return index < 0 ? "" : letter(index);
    }

    /** What the letters stand for. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (String description : descriptions) {
            lines.add(letter(lines.size()) + ": " + description);
        }
        return lines;
    }

    static String description(CellResult cell) {
        return cell.text("/machine/processor") + ", " + cell.text("/machine/cores") + " cores, "
                + cell.text("/machine/os") + ", Java " + cell.text("/machine/java") + "; " + cell.text("/device");
    }

    private static String letter(int index) {
        return (index < LETTERS ? "" : "" + index / LETTERS) + (char) ('A' + index % LETTERS);
    }
}
