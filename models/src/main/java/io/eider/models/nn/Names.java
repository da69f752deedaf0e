package io.eider.models.nn;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ordered, immutable maps from names, and what to say when a name is not there. */
public final class Names {
    private static final int SUGGESTIONS = 3;

    private Names() {}

    /** Returns an immutable copy in the same order. */
    static <V> Map<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** Returns a value, or throws naming the nearest names there are. */
    static <V> V get(Map<String, V> map, String kind, String name) {
        V value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + kind + " named " + name + " among " + map.size()
                    + "; the nearest: " + nearest(map.keySet(), name));
        }
        return value;
    }

    /**
     * Returns the names that are most like a wanted one, by edit distance, nearest first.
     *
     * @param names those there are
     * @param wanted the one that is not among them
     * @return at most three
     */
    public static List<String> nearest(Collection<String> names, String wanted) {
        return names.stream()
                .sorted(Comparator.comparingInt(name -> distance(name, wanted)))
                .limit(SUGGESTIONS)
                .toList();
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
