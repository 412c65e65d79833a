"""An S3 server of fifty lines: it answers GET of the objects that a test put into it, by path."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

NO_KEY = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>No such key</Message></Error>'
BROKEN = b'<?xml version="1.0"?><Error><Code>InternalError</Code><Message>Broken</Message></Error>'


class TinyS3:
    """`objects` maps "/bucket/key" to bytes; None stands for an object that S3 fails to read."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes | None] = {}
        self.authorizations: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._request_class())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, authorization: str) -> tuple[int, bytes]:
        """Status and body for a GET."""
        self.authorizations.append(authorization)
        if path not in self.objects:
            return 404, NO_KEY
        data = self.objects[path]
        return (500, BROKEN) if data is None else (200, data)

    def _request_class(self) -> type[BaseHTTPRequestHandler]:
        tiny = self

        class Request(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                status, body = tiny.answer(path, self.headers.get("Authorization", ""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                # Whoever finds an object too large hangs up in the middle of it.
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Requests of tests are no news."""

        return Request
