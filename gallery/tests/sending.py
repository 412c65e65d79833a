"""How tests put bytes into the bucket by signed addresses, as a browser does."""

import urllib.error
import urllib.request
from collections.abc import Mapping


def send(url: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """The status of a PUT, and the ETag. Content-Length follows from the body."""
    sent = {name: value for name, value in headers.items() if name != "content-length"}
    request = urllib.request.Request(url, data=data, headers=sent, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status), answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        error.read()
        return error.code, ""
