package io.eider.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;

class FigureFormatTest {
    @TempDir
    private Path temporary;

    @Test
    void pngIsAnImageWithSomethingOnIt() throws IOException {
        for (Figure figure : figures()) {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(write(figure, FigureFormat.PNG)));
            assertThat(image.getWidth()).isEqualTo(800);
            assertThat(image.getHeight()).isEqualTo(600);
            int[] pixels = image.getRGB(0, 0, 800, 600, null, 0, 800);
            assertThat(pixels).as(figure.name()).contains(0xFFFFFFFF, 0xFF222222);
        }
    }

    @Test
    void svgIsADocumentThatSaysWhatItShows() throws Exception {
        for (Figure figure : figures()) {
            Element root = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(write(figure, FigureFormat.SVG)))
                    .getDocumentElement();
            assertThat(root.getAttribute("viewBox")).isEqualTo("0 0 800 600");
            assertThat(text(root, "title")).isEqualTo(figure.heading());
            assertThat(text(root, "desc")).isEqualTo(figure.description()).contains("ours");
            if (!figure.name().equals("losses")) {
                assertThat(text(root, "desc")).contains(RunFixture.CLASSES);
            }
        }
    }

    @Test
    void svgHasTheGradientOfTheScale() throws IOException {
        Figure confusion = figures().get(3);
        assertThat(confusion.name()).isEqualTo("confusion");
        assertThat(new String(write(confusion, FigureFormat.SVG), StandardCharsets.UTF_8))
                .contains("<linearGradient", "stop-color=\"#3a96d0\"", "fill=\"url(#gradient");
    }

    @ParameterizedTest
    @EnumSource
    void equalFiguresGiveEqualBytes(FigureFormat format) throws IOException {
        List<Figure> first = figures();
        List<Figure> second = figures();
        for (int i = 0; i < first.size(); i++) {
            assertThat(write(first.get(i), format)).isEqualTo(write(second.get(i), format));
        }
    }

    private List<Figure> figures() {
        RunRecords run = RunFixture.read(RunFixture.ours(temporary.resolve("ours")));
        return Figures.of(List.of(run), 20, List.of()).drawn();
    }

    private static byte[] write(Figure figure, FigureFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(figure, out);
        return out.toByteArray();
    }

    private static String text(Element root, String name) {
        return root.getElementsByTagName(name).item(0).getTextContent();
    }
}
