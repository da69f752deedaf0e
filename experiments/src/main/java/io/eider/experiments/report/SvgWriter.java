package io.eider.experiments.report;

import java.io.IOException;
import java.io.OutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.DOMImplementation;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Writes a figure as SVG. Letters are outlines; what they say stands in {@code title} and {@code desc}, where searches and
 * screen readers find it.
 */
final class SvgWriter {
    static final String NAMESPACE = "http://www.w3.org/2000/svg";

    private SvgWriter() {}

    static void write(Figure figure, OutputStream out) throws IOException {
        Document document = emptyDocument();
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setExtensionHandler(new SvgGradients());
        SVGGraphics2D g = new SVGGraphics2D(context, false);
        figure.paint(g);
        Element root = g.getRoot();
        root.setAttribute("width", "" + Figure.WIDTH);
        root.setAttribute("height", "" + Figure.HEIGHT);
        root.setAttribute("viewBox", "0 0 " + Figure.WIDTH + " " + Figure.HEIGHT);
        Node first = root.getFirstChild();
        root.insertBefore(text(document, "title", figure.heading()), first);
        root.insertBefore(text(document, "desc", figure.description()), first);
        serialise(root, out);
    }

    private static Element text(Document document, String name, String content) {
        Element element = document.createElementNS(NAMESPACE, name);
        element.setTextContent(content);
        return element;
    }

    private static Document emptyDocument() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            DOMImplementation dom = factory.newDocumentBuilder().getDOMImplementation();
            return dom.createDocument(NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("every JDK has an XML parser", e);
        }
    }

    private static void serialise(Element root, OutputStream out) throws IOException {
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.transform(new DOMSource(root), new StreamResult(out));
        } catch (TransformerException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException("cannot write SVG", e);
        }
    }
}
