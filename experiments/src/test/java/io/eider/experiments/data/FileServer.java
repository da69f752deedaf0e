package io.eider.experiments.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server on this machine that serves one file, if need be badly. */
final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final byte[] content;
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean knowsRanges = true;
    private volatile int status = 200;
    private volatile int cutAfter = -1;

    FileServer(byte[] content) throws IOException {
        this.content = content;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** The next {@code times} answers break off after this many bytes. */
    FileServer cut(int times, int bytes) {
        cuts.set(times);
        cutAfter = bytes;
        return this;
    }

    FileServer withoutRanges() {
        knowsRanges = false;
        return this;
    }

    FileServer answering(int newStatus) {
        status = newStatus;
        return this;
    }

    /** The Range header of every request so far; "none" where it had none. */
    List<String> ranges() {
        return ranges;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(range == null ? "none" : range);
            if (status != 200) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            int from = 0;
            if (range != null && knowsRanges) {
                from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
                if (from >= content.length) {
                    exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
                    exchange.sendResponseHeaders(416, -1);
                    return;
                }
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            exchange.sendResponseHeaders(range != null && knowsRanges ? 206 : 200, content.length - from);
            int length = content.length - from;
            if (cuts.getAndDecrement() > 0) {
                length = Math.min(length, cutAfter);
            }
            exchange.getResponseBody().write(content, from, length);
            exchange.getResponseBody().flush();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
