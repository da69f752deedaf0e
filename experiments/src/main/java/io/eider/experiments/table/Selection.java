package io.eider.experiments.table;

import io.eider.experiments.UserError;
import io.eider.experiments.config.NamedConfig;
import io.eider.experiments.config.NamedConfigs;
import io.eider.experiments.config.Row;
import io.eider.models.nn.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which cells a table has.
 *
 * @param dataset of {@code datasets.yaml}
 * @param factors imbalance factors, a table for each
 * @param rows in the order in which they are trained and shown
 * @param seeds each cell is trained with
 */
public record Selection(String dataset, List<Integer> factors, List<Row> rows, List<Long> seeds) {
    private static final String ALL = "all";
    private static final String TABLE = "table";

    /**
     * Finds what was named.
     *
     * @param dataset name of a data set
     * @param factors imbalance factors, or {@code all}
     * @param rows names of rows, {@code table} for those of the paper's, {@code all} for these and the controls
     * @param seeds seeds
     * @return the selection, with nothing twice
     * @throws UserError if there is no such thing; names the nearest
     */
    public static Selection of(String dataset, List<String> factors, List<String> rows, List<Long> seeds) {
        List<Integer> known = find(
                "data set with tables",
                dataset,
                NamedConfigs.factors().keySet(),
                name -> NamedConfigs.factors().get(name));
        return new Selection(dataset, factors(dataset, known, factors), rows(rows), distinct(seeds, "--seeds"));
    }

    private static List<Integer> factors(String dataset, List<Integer> known, List<String> wanted) {
        List<String> names = known.stream().map(String::valueOf).toList();
        Set<Integer> factors = new LinkedHashSet<>();
        for (String name : wanted) {
            if (name.equals(ALL)) {
                factors.addAll(known);
            } else {
                factors.add(find("imbalance factor in the tables of " + dataset, name, names, Integer::valueOf));
            }
        }
        return distinct(factors, "--if");
    }

    private static List<Row> rows(List<String> wanted) {
        List<String> names = NamedConfigs.rows().stream().map(Row::name).toList();
        Set<Row> rows = new LinkedHashSet<>();
        for (String name : wanted) {
            if (name.equals(ALL) || name.equals(TABLE)) {
                NamedConfigs.rows().stream()
                        .filter(row -> row.table() || name.equals(ALL))
                        .forEach(rows::add);
            } else {
                rows.add(find("row", name, names, found -> NamedConfigs.rows().get(names.indexOf(found))));
            }
        }
        return distinct(rows, "--rows");
    }

    private static <T> T find(String kind, String name, Collection<String> known, Function<String, T> meaning) {
        if (!known.contains(name)) {
            throw new UserError("there is no " + kind + " named '" + name + "'; did you mean "
                    + String.join(", ", Names.nearest(known, name)) + "? `eider configs list` names all");
        }
        return meaning.apply(name);
    }

    private static <T> List<T> distinct(Collection<T> values, String option) {
        if (values.isEmpty()) {
            throw new UserError(option + " names nothing");
        }
        return values.stream().distinct().toList();
    }

    /**
     * All cells: a whole table with the first seed comes before the second seed.
     *
     * @return in the order in which they are trained
     */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (long seed : seeds) {
            for (int factor : factors) {
                for (Row row : rows) {
                    cells.add(new Cell(new NamedConfig(dataset, factor, row), seed));
                }
            }
        }
        return cells;
    }
}
