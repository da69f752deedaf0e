package io.eider.experiments.report;

import java.awt.Color;
import java.awt.LinearGradientPaint;
import java.awt.Paint;
import java.awt.geom.Point2D;
import org.apache.batik.svggen.DefaultExtensionHandler;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGPaintDescriptor;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Teaches Batik the gradient that the scale beside a heat map is painted with; left alone, it paints nothing. */
final class SvgGradients extends DefaultExtensionHandler {
    @Override
    public SVGPaintDescriptor handlePaint(Paint paint, SVGGeneratorContext context) {
        if (!(paint instanceof LinearGradientPaint gradient)) {
            return super.handlePaint(paint, context);
        }
        Element element = element(context.getDOMFactory(), "linearGradient");
        String id = context.getIDGenerator().generateID("gradient");
        element.setAttribute("id", id);
        element.setAttribute("gradientUnits", "userSpaceOnUse");
        Point2D start = gradient.getStartPoint();
        Point2D end = gradient.getEndPoint();
        element.setAttribute("x1", context.doubleString(start.getX()));
        element.setAttribute("y1", context.doubleString(start.getY()));
        element.setAttribute("x2", context.doubleString(end.getX()));
        element.setAttribute("y2", context.doubleString(end.getY()));
        for (int i = 0; i < gradient.getColors().length; i++) {
            Color colour = gradient.getColors()[i];
            Element stop = element(context.getDOMFactory(), "stop");
            stop.setAttribute("offset", context.doubleString(gradient.getFractions()[i]));
            stop.setAttribute("stop-color", String.format("#%06x", colour.getRGB() & 0xFFFFFF));
            element.appendChild(stop);
        }
        return new SVGPaintDescriptor("url(#" + id + ")", "1", element);
    }

    private static Element element(Document document, String name) {
        return document.createElementNS(SvgWriter.NAMESPACE, name);
    }
}
