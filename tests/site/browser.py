"""A browser without script: cookies, forms and their CSRF tokens."""

import dataclasses
import re
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode

import urllib3

from tests.site.client import Answer
from tests.site.running import PASSWORD

_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_TIMEOUT: Final = urllib3.Timeout(connect=5, read=60)


@dataclasses.dataclass
class Browser:
    """One person's browser. It follows no redirect."""

    site: str
    cookies: dict[str, str] = dataclasses.field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Sends a form of the page that was seen last."""
        if not self.token:
            self.get("/accounts/login/")
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **form}))

    def sign_in(self, email: str) -> "Browser":
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert answer.status == 302, answer
        self.get("/")  # signing in changes the CSRF token
        return self

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = urllib3.request(
            method,
            self.site + path,
            body=body,
            headers=headers,
            redirect=False,
            retries=False,
            timeout=_TIMEOUT,
        )
        for line in answer.headers.getlist("set-cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if found := _TOKEN.search(answer.data.decode(errors="replace")):
            self.token = found[1]
        return Answer(
            answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.data
        )
