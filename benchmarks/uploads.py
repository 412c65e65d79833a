"""What an upload of 10 MB costs the web server: by signed address straight into the bucket, and through the form.

Processor time of its processes, and how much they grow, over so many uploads of each kind by turns, to the answer that
the photo is stored. Beside it small ones: what is more than theirs the bytes cost, the rest are the photo's rows.
`python -m benchmarks.uploads [--photos N] [--megabytes N]`
"""

import argparse
import hashlib
import secrets
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.rate import processor_milliseconds
from tests.site import pictures
from tests.site.client import Client
from tests.site.running import Site

_OWNER: Final = "alice@example.org"
_GOAL: Final = 1 / 20
_WARM: Final = 3
_SMALL: Final = 30_000


def main() -> None:
    """Prints one table; the exit status says nothing, since a busy machine is no fault of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--megabytes", type=float, default=10)
    asked, _ = parser.parse_known_args()
    size = int(asked.megabytes * 1_000_000)
    with tempfile.TemporaryDirectory(prefix="photosite-uploads-") as folder:
        site = Site(Path(folder) / "data")
        try:
            site.start()
            measure(site, site.user(_OWNER), asked.photos, size)
        finally:
            site.end()


def measure(site: Site, owner: Client, photos: int, size: int) -> None:
    web = [one.pid for one in site.children("web")]
    kinds = [(way, bytes_) for way in (straight, through) for bytes_ in (size, _SMALL)]
    for way, bytes_ in kinds * _WARM:
        way(owner, photograph(bytes_))
    costs, before, most = dict.fromkeys(kinds, 0.0), resident(web), 0.0
    for _ in range(photos):
        for way, bytes_ in kinds:
            data = photograph(bytes_)
            ran = sum(map(processor_milliseconds, web))
            way(owner, data)
            costs[way, bytes_] += (sum(map(processor_milliseconds, web)) - ran) / photos
            most = max(most, resident(web) - before)
    print(
        f"{photos} uploads of each kind; the web server's processor time for one, in ms; it grew {most:.0f} MB"
    )
    for way, name in ((straight, "straight"), (through, "through the form")):
        whole, small = costs[way, size], costs[way, _SMALL]
        print(
            f"{name:18} {size / 1e6:g} MB {whole:6.1f}   a small one {small:6.1f}   for the bytes {whole - small:6.1f}"
        )
    bytes_only = [costs[way, size] - costs[way, _SMALL] for way in (straight, through)]
    print(f"whole              {costs[straight, size] / costs[through, size]:.2f}  (wanted: ≤ {_GOAL:.2f})")
    print(f"for the bytes      {max(bytes_only[0], 0) / bytes_only[1]:.2f}  (wanted: ≤ {_GOAL:.2f})")


def photograph(size: int) -> bytes:
    """Of `size` bytes, another one each time: what follows the picture's end belongs to it."""
    cat = pictures.cat()
    return cat + secrets.token_bytes(size - len(cat))


def straight(owner: Client, data: bytes) -> None:
    asked = {"filename": "a.jpg", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    upload = owner.ask("POST", "/api/v1/uploads/", json={**asked, "content_type": "image/jpeg"})
    assert upload.status == 201, upload
    (part,) = upload.json["parts"]
    headers = {name: value for name, value in part["headers"].items() if name != "content-length"}
    sent = Client(owner.site, pool=owner.pool).ask("PUT", part["url"], headers=headers, body=data)
    assert sent.status == 200, sent
    done = owner.ask("POST", f"/api/v1/uploads/{upload.json['id']}/complete/", json={})
    assert done.status == 201, done


def through(owner: Client, data: bytes) -> None:
    sent = owner.send(data, "a.jpg")
    assert sent.status == 201, sent


def resident(processes: list[int]) -> float:
    """Megabytes that they have in memory."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in processes]
    return sum(pages) * 4096 / 1e6


if __name__ == "__main__":
    main()
