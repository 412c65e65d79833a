"""The control port: fault script and ledger over HTTP on loopback, for tests only.

PUT /script (a step, a list of steps, or {} to heal) · GET, DELETE /script · GET /ledger · DELETE /ledger.
"""

import json
import threading
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from photosite.localaws.faults import Script, ScriptError, parse_script
from photosite.localaws.ledger import Ledger

MOST_BYTES: Final = 16 * 1024 * 1024


class ControlServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1; `script` and `ledger` are what its requests reach."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, script: Script, ledger: Ledger) -> None:
        super().__init__(("127.0.0.1", port), ControlRequest)
        self.script = script
        self.ledger = ledger


class ControlRequest(BaseHTTPRequestHandler):
    """One request to the control port."""

    protocol_version = "HTTP/1.1"
    server: ControlServer

    def do_GET(self) -> None:
        """The ledger, or the steps still to come, as JSON."""
        if self.path == "/ledger":
            self._answer(HTTPStatus.OK, {"calls": self.server.ledger.entries()})
        elif self.path == "/script":
            self._answer(HTTPStatus.OK, {"left": [asdict(step) for step in self.server.script.left()]})
        else:
            self._unknown()

    def do_DELETE(self) -> None:
        """Empties the ledger or heals."""
        if self.path == "/ledger":
            self.server.ledger.clear()
            self._answer(HTTPStatus.OK, {})
        elif self.path == "/script":
            self.server.script.replace([])
            self._answer(HTTPStatus.OK, {})
        else:
            self._unknown()

    def do_PUT(self) -> None:
        """Replaces the script."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), MOST_BYTES))
        if self.path != "/script":
            self._unknown()
            return
        try:
            steps = parse_script(json.loads(body or b"[]"))
        except (ScriptError, ValueError) as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        else:
            self.server.script.replace(steps)
            self._answer(HTTPStatus.OK, {"steps": len(steps)})

    def _unknown(self) -> None:
        self._answer(HTTPStatus.NOT_FOUND, {"error": "there are /script and /ledger"})

    def _answer(self, status: HTTPStatus, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests poll this port; their requests are no news."""


def start_control(port: int, script: Script, ledger: Ledger) -> ControlServer:
    """A control server on its own daemon thread. Raises OSError if the port is taken."""
    server = ControlServer(port, script, ledger)
    threading.Thread(target=server.serve_forever, name="control", daemon=True).start()
    return server
