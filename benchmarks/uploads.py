"""What an upload of 10 MB costs the web server: straight into the bucket, one by one and in batches as the page sends
them, and through the form.

Processor time of its processes, and how much they grow, over so many uploads of each kind by turns, to the answer that
the photo is stored. Beside it small ones: what is more than theirs the bytes cost, the rest are the photo's rows.
And how much they grow over many photos that go straight into the bucket, while nobody makes smaller pictures of them.
`python -m benchmarks.uploads [--photos N] [--megabytes N] [--flat N --flat-megabytes N]`
"""

import argparse
import hashlib
import secrets
import signal
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.rate import processor_milliseconds
from tests.site import pictures
from tests.site.client import Client
from tests.site.running import Site

_OWNER: Final = "alice@example.org"
_GOAL: Final = 1 / 20
_WARM: Final = 3
_BATCH: Final = 10
_SMALL: Final = 30_000


def main() -> None:
    """Prints one table; the exit status says nothing, since a busy machine is no fault of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--flat", type=int, default=200)
    parser.add_argument("--flat-megabytes", type=float, default=3)
    asked, _ = parser.parse_known_args()
    size = int(asked.megabytes * 1_000_000)
    with tempfile.TemporaryDirectory(prefix="photosite-uploads-") as folder:
        site = Site(Path(folder) / "data")
        try:
            site.start()
            owner = site.user(_OWNER)
            if asked.photos:
                measure(site, owner, asked.photos, size)
            flat(site, owner, asked.flat, int(asked.flat_megabytes * 1_000_000))
        finally:
            site.end()


def measure(site: Site, owner: Client, photos: int, size: int) -> None:
    web = [one.pid for one in site.children("web")]
    kinds = [(way, bytes_) for way in WAYS for bytes_ in (size, _SMALL)]
    for way, bytes_ in kinds:
        for _ in range(_WARM):
            WAYS[way](owner, [photograph(bytes_)])
    costs, before, most = dict.fromkeys(kinds, 0.0), resident(web), 0.0
    for _ in range(photos // _BATCH):
        for way, bytes_ in kinds:
            datas = [photograph(bytes_) for _ in range(_BATCH)]
            ran = sum(map(processor_milliseconds, web))
            WAYS[way](owner, datas)
            costs[way, bytes_] += sum(map(processor_milliseconds, web)) - ran
            most = max(most, resident(web) - before)
    costs = {kind: cost / (photos // _BATCH * _BATCH) for kind, cost in costs.items()}
    print(
        f"{photos} uploads of each kind; the web server's processor time for one, in ms; it grew {most:.0f} MB"
    )
    for way in WAYS:
        whole, small = costs[way, size], costs[way, _SMALL]
        print(
            f"{way:18} {size / 1e6:g} MB {whole:6.1f}   a small one {small:6.1f}   for the bytes {whole - small:6.1f}"
        )
    for way in ("straight", "straight, batches"):
        of_bytes = max(costs[way, size] - costs[way, _SMALL], 0)
        form = costs["through the form", size]
        print(
            f"{way:18} whole {costs[way, size] / form:.2f}, for the bytes "
            f"{of_bytes / (form - costs['through the form', _SMALL]):.2f}  (wanted: ≤ {_GOAL:.2f})"
        )


def flat(site: Site, owner: Client, photos: int, size: int) -> None:
    """The web server's memory after each tenth of so many photos that go straight into the bucket."""
    web = [one.pid for one in site.children("web")]
    site.running("worker-images").send(signal.SIGSTOP)
    sizes = [resident(web)]
    for _ in range(10):
        for _ in range(photos // 10 // _BATCH):
            in_batches(owner, [photograph(size) for _ in range(_BATCH)])
        sizes.append(resident(web))
    grown = " ".join(f"{now:.0f}" for now in sizes)
    print(
        f"{photos} photos of {size / 1e6:g} MB straight: the web server's MB, at first and after each tenth: {grown}"
    )


def photograph(size: int) -> bytes:
    """Of `size` bytes, another one each time: what follows the picture's end belongs to it."""
    cat = pictures.cat()
    return cat + secrets.token_bytes(size - len(cat))


def straight(owner: Client, datas: list[bytes]) -> None:
    """Each in requests of its own."""
    for data in datas:
        upload = owner.ask("POST", "/api/v1/uploads/", json=announced(data))
        assert upload.status == 201, upload
        put(owner, upload.json, data)
        done = owner.ask("POST", f"/api/v1/uploads/{upload.json['id']}/complete/", json={})
        assert done.status == 201, done


def in_batches(owner: Client, datas: list[bytes]) -> None:
    """As the page does: all are begun in one request, and completed in another."""
    begun = owner.ask("POST", "/api/v1/uploads/batch/", json={"uploads": list(map(announced, datas))})
    assert begun.status == 200, begun
    uploads = [result["upload"] for result in begun.json["results"]]
    for upload, data in zip(uploads, datas, strict=True):
        put(owner, upload, data)
    ids = [{"id": upload["id"]} for upload in uploads]
    done = owner.ask("POST", "/api/v1/uploads/batch/complete/", json={"uploads": ids})
    assert all(result["photo"] for result in done.json["results"]), done


def through(owner: Client, datas: list[bytes]) -> None:
    for data in datas:
        sent = owner.send(data, "a.jpg")
        assert sent.status == 201, sent


def announced(data: bytes) -> dict[str, Any]:
    sha256 = hashlib.sha256(data).hexdigest()
    return {"filename": "a.jpg", "size": len(data), "sha256": sha256, "content_type": "image/jpeg"}


def put(owner: Client, upload: dict[str, Any], data: bytes) -> None:
    (part,) = upload["parts"]
    headers = {name: value for name, value in part["headers"].items() if name != "content-length"}
    sent = Client(owner.site, pool=owner.pool).ask("PUT", part["url"], headers=headers, body=data)
    assert sent.status == 200, sent


WAYS: Final = {"straight": straight, "straight, batches": in_batches, "through the form": through}


def resident(processes: list[int]) -> float:
    """Megabytes that they have in memory."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in processes]
    return sum(pages) * 4096 / 1e6


if __name__ == "__main__":
    main()
