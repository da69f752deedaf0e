package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SpriteDecoderTest {
    /** Draws official records as a sprite: one row of 1024 pixels per record. */
    static byte[] sprite(byte[] records, int imageType) throws IOException {
        int rows = records.length / 3073;
        BufferedImage image = new BufferedImage(1024, rows, imageType);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < 1024; i++) {
                int red = records[r * 3073 + 1 + i] & 0xff;
                int green = records[r * 3073 + 1025 + i] & 0xff;
                int blue = records[r * 3073 + 2049 + i] & 0xff;
                image.setRGB(i, r, 0xff000000 | red << 16 | green << 8 | blue);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    @Test
    void rebuildsRecords() throws IOException {
        byte[] records = TinyCifar.CONTENTS.get("data_batch_2.bin");
        int[] labels = {9, 9, records[0], records[3073], records[2 * 3073]};
        for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            SpriteDecoder.writeRecords(new ByteArrayInputStream(sprite(records, type)), labels, 2, 3, out);
            assertThat(out.toByteArray()).containsExactly(records);
        }
    }

    @Test
    void refusesOtherPictures() throws IOException {
        byte[] sprite = sprite(TinyCifar.CONTENTS.get("data_batch_2.bin"), BufferedImage.TYPE_INT_RGB);
        OutputStream nowhere = OutputStream.nullOutputStream();
        assertThatThrownBy(
                        () -> SpriteDecoder.writeRecords(new ByteArrayInputStream(sprite), new int[9], 0, 4, nowhere))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3 rows of 1024 pixels")
                .hasMessageContaining("expected 4 rows");
        assertThatThrownBy(
                        () -> SpriteDecoder.writeRecords(new ByteArrayInputStream(sprite), new int[4], 2, 3, nowhere))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("4 labels");
        assertThatThrownBy(() -> SpriteDecoder.writeRecords(
                        new ByteArrayInputStream(new byte[] {1, 2}), new int[4], 0, 3, nowhere))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not an image");
    }
}
