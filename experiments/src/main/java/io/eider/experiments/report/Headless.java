package io.eider.experiments.report;

import io.eider.experiments.UserError;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;

/** Drawing on a machine that may have no screen. */
public final class Headless {
    private Headless() {}

    /**
     * Tells AWT to look for no screen, and finds out whether it can draw letters.
     *
     * @throws UserError if it finds no fonts
     */
    public static void prepare() {
        System.setProperty("java.awt.headless", "true");
        try {
            new TextLayout("ε", Look.HEADING, new FontRenderContext(null, true, false)).getOutline(null);
        } catch (Error | RuntimeException e) { // which, depends on the JDK and on what is missing
            throw new UserError(
                    "Java finds no fonts to draw letters with (" + e.getMessage()
                            + "); install some, such as Debian's fontconfig and fonts-dejavu-core",
                    e);
        }
    }
}
