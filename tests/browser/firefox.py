"""Firefox as Debian ships it, by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/).

Playwright drives a build of its own alone.
"""

import itertools
import json
import subprocess
from pathlib import Path
from typing import Any, Final, Self

from websockets.sync.client import connect

from photosite.runfile import is_free
from tests.ports import free_port
from tests.site.waiting import until

PATIENCE_SECONDS: Final = 60
_KEYS: Final = {"ArrowRight": "\ue014", "Escape": "\ue00c", "Enter": "\ue007", "End": "\ue010"}


class Firefox:
    """One window. `errors`: what the scripts of its pages complained of."""

    def __init__(self, command: str, profile: Path) -> None:
        self.errors: list[str] = []
        self._command = command
        self._profile = profile
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        port = free_port()
        options = [
            "--headless",
            "--no-remote",
            "--profile",
            str(self._profile),
            "--remote-debugging-port",
            str(port),
        ]
        self._process = subprocess.Popen(
            [self._command, *options, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            until(lambda: not is_free(port), "Firefox listens", PATIENCE_SECONDS)
            address = f"ws://127.0.0.1:{port}/session"
            self._socket = connect(address, max_size=None, open_timeout=PATIENCE_SECONDS, legacy=True)
            self.ask("session.new", capabilities={})
            self.ask("session.subscribe", events=["log.entryAdded"])
            self._window = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self._process.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)

    def ask(self, method: str, **parameters: Any) -> Any:
        """The result of a command. Raises RuntimeError with the browser's words."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv(timeout=PATIENCE_SECONDS))
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self.errors.append(told["params"]["text"])
            if told.get("id") == number:
                break
        if told["type"] == "error":
            raise RuntimeError(f"{method}: {told['error']}: {told['message']}")
        return told["result"]

    def open(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self._window, url=address, wait="complete")

    def reload(self) -> None:
        self.ask("browsingContext.reload", context=self._window, wait="complete")

    def size(self, width: int, height: int) -> None:
        self.ask(
            "browsingContext.setViewport", context=self._window, viewport={"width": width, "height": height}
        )

    def run(self, script: str, *given: Any) -> Any:
        """What the body of a function, with `given` as its arguments, returns: as JSON can say it."""
        wrapped = f"JSON.stringify(await (async (...given) => {{ {script} }})(...{json.dumps(given)}))"
        told = self.ask(
            "script.evaluate",
            expression=f"(async () => {wrapped})()",
            target={"context": self._window},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        value = told["result"].get("value")
        return None if value is None else json.loads(value)

    def wait(self, condition: str, *given: Any) -> None:
        """Until an expression is true, on whatever page there is then."""

        def holds() -> bool:
            try:
                return bool(self.run(f"return Boolean({condition})", *given))
            except RuntimeError:  # between two pages
                return False

        until(holds, condition, PATIENCE_SECONDS)

    def press(self, *keys: str) -> None:
        actions = [
            {"type": way, "value": _KEYS.get(key, key)} for key in keys for way in ("keyDown", "keyUp")
        ]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def click(self, selector: str) -> None:
        """In the middle of the first element that it names."""
        left, top = self.run(
            "const box = document.querySelector(given[0]).getBoundingClientRect();"
            "return [box.left + box.width / 2, box.top + box.height / 2].map(Math.round)",
            selector,
        )
        move = {"type": "pointerMove", "x": left, "y": top}
        pressed = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": [move, *pressed]})

    def _act(self, source: dict[str, Any]) -> None:
        self.ask("input.performActions", context=self._window, actions=[source])
