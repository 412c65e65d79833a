"""What a user's program does over the API."""

import dataclasses
import json
import uuid
from typing import Any, Final

import urllib3

from tests.site.waiting import until

LABELLED_SECONDS: Final = 90


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answer of the site. Redirects are answers, too."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def __str__(self) -> str:
        return f"{self.status} {self.body[:300]!r}"


@dataclasses.dataclass(frozen=True)
class Client:
    """One user's program. `token` "" is nobody."""

    site: str
    token: str = ""
    email: str = ""
    pool: urllib3.PoolManager = dataclasses.field(
        default_factory=lambda: urllib3.PoolManager(
            maxsize=8, timeout=urllib3.Timeout(connect=5, read=60), retries=False
        )
    )

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        """One request; no retries, no redirects. Raises urllib3's HTTPError where no answer comes."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = path if path.startswith("http") else self.site + path
        answer = self.pool.request(method, url, headers=own | (headers or {}), redirect=False, **more)
        return Answer(
            answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.data
        )

    def fetch(self, url: str) -> Answer:
        """What a signed address answers to a browser, which sends it no token."""
        return Client(self.site, pool=self.pool).ask("GET", url)

    def send(self, data: bytes, name: str, key: str = "") -> Answer:
        """Sends a file. `key`: Idempotency-Key."""
        return self.ask(
            "POST",
            "/api/v1/photos/",
            fields={"file": (name, data, "application/octet-stream")},
            headers={"Idempotency-Key": key} if key else {},
        )

    def add(self, data: bytes, name: str = "photo.jpg") -> str:
        """Sends a photo that must be taken; its id."""
        answer = self.send(data, name)
        assert answer.status == 201, answer
        return str(answer.json["id"])

    def send_until_taken(self, data: bytes, name: str = "photo.jpg", *, key: str = "", seconds: float) -> str:
        """Sends a photo as a patient program does: the same request again while the site is in trouble; its id."""
        key = key or uuid.uuid4().hex

        def taken() -> str | None:
            try:
                answer = self.send(data, name, key)
            except urllib3.exceptions.HTTPError:
                return None
            assert answer.status < 400 or answer.status >= 500 or answer.status in (409, 429), answer
            return str(answer.json["id"]) if answer.status < 300 else None

        return until(taken, f"{name} is taken", seconds, pause=0.5)

    def photo(self, photo_id: str) -> dict[str, Any]:
        answer = self.ask("GET", f"/api/v1/photos/{photo_id}/")
        assert answer.status == 200, answer
        found: dict[str, Any] = answer.json
        return found

    def original(self, photo_id: str) -> bytes:
        """The bytes of the original, by the way that a browser takes."""
        answer = self.ask("GET", f"/api/v1/photos/{photo_id}/original/")
        assert answer.status == 302, answer
        file = self.fetch(answer.headers["location"])
        assert file.status == 200, file
        return file.body

    def rendition(self, photo: dict[str, Any], spec: str) -> bytes:
        """The bytes of one rendition of a photo that was read."""
        file = self.fetch(photo["renditions"][spec]["url"])
        assert file.status == 200, file
        return file.body

    def photos(self) -> list[dict[str, Any]]:
        """All photos, page by page."""
        found: list[dict[str, Any]] = []
        path: str | None = "/api/v1/photos/?limit=200"
        while path:
            answer = self.ask("GET", path)
            assert answer.status == 200, answer
            found += answer.json["results"]
            path = answer.json["next"]
        return found

    def labelled(self, photo_id: str, seconds: float = LABELLED_SECONDS) -> dict[str, Any]:
        """The photo, once all its steps are done."""

        def done() -> dict[str, Any] | None:
            try:
                photo = self.photo(photo_id)
            except urllib3.exceptions.HTTPError:
                return None  # a web worker that was killed: the next one answers
            assert photo["processing"]["state"] != "failed", photo["processing"]
            return photo if photo["processing"]["state"] == "done" else None

        return until(done, f"photo {photo_id} is labelled", seconds)
