"""How much of Rekognition's quota the label worker uses, beside the quota itself.

A whole site of its own; 500 photos wait for their labels while the recogniser refuses the site, then it answers
each call after 300 ms and throttles beyond 50 a second. Asked: ≥ 95 % of the quota, no throttle, a worker of
threads under 200 MB. `python -m benchmarks.rate [--photos N] [--quota N] [--delay S] [--postgresql]`
"""

import argparse
import dataclasses
import json
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from tests import postgres
from tests.site import pictures
from tests.site.client import Client
from tests.site.running import Site
from tests.site.waiting import until

MOST_SECONDS = 600
SENDERS = 4
REFUSED = {"code": "AccessDeniedException"}
ANSWER = {
    "Labels": [
        {
            "Name": "Cat",
            "Confidence": 98.5,
            "Parents": [{"Name": "Pet"}, {"Name": "Animal"}],
            "Categories": [{"Name": "Animals and Pets"}],
            "Instances": [
                {"BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.5, "Height": 0.5}, "Confidence": 98.5}
            ],
        },
        {"Name": "Indoors", "Confidence": 71.25},
    ],
    "LabelModelVersion": "3.0",
}


@dataclasses.dataclass(frozen=True)
class Measured:
    """`per_second`: answered calls between the first and the last of those that any thread may make, so without the
    one that finds out, alone, that the recogniser answers again; `megabytes`: the most the worker had resident;
    `milliseconds`: its processor time a call, of which a machine has 1,000 a second and core."""

    per_second: float
    answered: int
    throttled: int
    megabytes: float
    milliseconds: float


def scripted(quota: float, delay: float) -> dict[str, Any]:
    """What the recogniser does: the networks, which this machine could not run so fast, are not asked."""
    return {"throttle_per_second": quota, "delay": delay, "body": json.dumps(ANSWER)}


def measure(site: Site, photos: int, quota: float, delay: float) -> Measured:
    """Starts the site, brings the photos to their last step, lets go, and reads the recogniser's ledger."""
    site.start()
    site.script(REFUSED)
    alice = site.user("alice@example.org")
    with ThreadPoolExecutor(SENDERS) as people:
        list(people.map(lambda number: send(alice, number), range(photos)))
    until(lambda: waiting(alice) == photos, "all renditions are made", MOST_SECONDS, pause=2)
    worker = site.running("worker-labels").pid
    before, ran = len(site.ledger), processor_milliseconds(worker)
    site.script(scripted(quota, delay))
    until(lambda: answered(site.ledger[before:]) >= photos, "all are labelled", MOST_SECONDS, pause=1)
    calls = site.ledger[before:]
    moments = sorted(datetime.fromisoformat(call["at"]) for call in calls if call["status"] == 200)
    lasted = (moments[-1] - moments[1]).total_seconds()
    return Measured(
        (len(moments) - 2) / lasted,
        len(moments),
        sum(call["status"] != 200 for call in calls if call["fault"] != "code"),
        high_water_megabytes(worker),
        (processor_milliseconds(worker) - ran) / len(moments),
    )


def send(client: Client, number: int) -> str:
    return client.send_until_taken(pictures.distinct(number), f"photo-{number}.jpg", seconds=MOST_SECONDS)


def waiting(client: Client) -> int:
    """Photos whose renditions are done."""
    done = {"name": "renditions", "state": "done"}
    return sum(
        any(done.items() <= step.items() for step in photo["processing"]["steps"])
        for photo in client.photos()
    )


def answered(calls: Sequence[dict[str, Any]]) -> int:
    return sum(call["status"] == 200 for call in calls)


def high_water_megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def processor_milliseconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Prints one table; the exit status says nothing, since a busy machine is no fault of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=500)
    parser.add_argument("--quota", type=float, default=50)
    parser.add_argument("--delay", type=float, default=0.3)
    parser.add_argument("--postgresql", action="store_true")
    asked, _ = parser.parse_known_args()
    settings = {"PHOTOSITE_REKOGNITION_TPS": f"{asked.quota:g}", "PHOTOSITE_PROBE_SECONDS": "2"}
    if asked.postgresql:
        settings |= {"DATABASE_URL": postgres.start(), "SECRET_KEY": "only for this measurement"}
    with tempfile.TemporaryDirectory(prefix="photosite-rate-") as folder:
        site = Site(Path(folder) / "data", settings)
        try:
            found = measure(site, asked.photos, asked.quota, asked.delay)
        finally:
            site.end()
    ratio = found.per_second / asked.quota
    print(f"{found.answered} calls of {asked.delay:g} s, a quota of {asked.quota:g} a second")
    print(f"answered     {found.per_second:6.1f} a second   ratio {ratio:.3f}   (wanted: ≥ 0.95)")
    print(f"throttled    {found.throttled:6d}                         (wanted: 0)")
    print(f"worker-labels {found.milliseconds:5.1f} ms of processor time a call")
    print(f"worker-labels {found.megabytes:5.0f} MB at most             (wanted: under 200)")


if __name__ == "__main__":
    main()
