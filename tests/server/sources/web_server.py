"""A web server on localhost whose answers a test decides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Told = tuple[int, dict[str, str], bytes]
Tell = Callable[[str, dict[str, str]], Told]


@contextmanager
def serving(tell: Tell) -> Iterator[str]:
    """The address of a server that answers what ``tell`` says of a path and headers in small letters."""

    class Speaking(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = tell(self.path, {name.lower(): value for name, value in self.headers.items()})
            status, headers, body = told
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *args: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Speaking)
    server.daemon_threads = True
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    running.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        running.join()
        server.server_close()
