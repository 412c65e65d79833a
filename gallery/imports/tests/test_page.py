"""What /activity/ says of a zip file that was sent."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.imports.importing import Outcome
from gallery.imports.report import Report
from gallery.models import Import
from gallery.pipeline import left_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def make_import(owner: User, *outcomes: Outcome, **fields: Any) -> Import:
    report = Report()
    for outcome in outcomes:
        report.add(outcome)
    values = {
        "filename": "takeout.zip",
        "byte_size": 1,
        "report": report.as_json(),
        "reserved": False,
        **fields,
    }
    made: Import = Import.objects.create(owner=owner, key=values["filename"], **values)
    return made


def shown(client: Client, user: User, **headers: str) -> str:
    client.force_login(user)
    page = client.get("/activity/", headers=headers).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_one_that_waits_says_so_and_the_page_follows(client: Client, alice: User) -> None:
    make_import(alice)
    assert "takeout.zip under way Nobody has looked into it yet." in shown(client, alice)
    assert b"data-under-way" in client.get("/activity/").content


def test_how_far_one_is(client: Client, alice: User) -> None:
    make_import(alice, Outcome("a/1.jpg", "stored"), files=2000, looked_at=1)
    client.force_login(alice)
    page = client.get("/activity/", headers={"accept-language": "de"}).content.decode()
    assert '<progress max="2000" value="1"' in page


def test_what_was_left_out_is_told_with_names(client: Client, alice: User) -> None:
    refused = [
        Outcome(f"takeout.zip/<b>{number}.mp4", "refused", "This is a video (MP4).") for number in range(12)
    ]
    here = Outcome("1.jpg", "here", left_out.HERE_ALREADY)
    make_import(alice, here, *refused, state="done", finished_at=timezone.now(), files=13)
    page = shown(client, alice)
    assert "0 new photos, 1 was here already, 12 refused" in page
    assert page.index("Refused : This is a video (MP4). (12)") < page.index(
        f"Here already : {left_out.HERE_ALREADY}"
    )
    assert "takeout.zip/&lt;b&gt;0.mp4" in page
    assert "and 2 more" in page


def test_why_one_stopped_is_told(client: Client, alice: User) -> None:
    make_import(alice, state="failed", reason=left_out.NO_ROOM, finished_at=timezone.now())
    told = f"takeout.zip stopped 0 new photos {left_out.NO_ROOM}"
    assert told in shown(client, alice)


def test_what_is_under_way_comes_first_and_old_ones_are_not_all_shown(client: Client, alice: User) -> None:
    for number in range(4):
        over = {"state": "done", "finished_at": timezone.now()} if number else {}
        make_import(alice, filename=f"{number}.zip", **over)
    for number in range(4, 6):
        make_import(alice, filename=f"{number}.zip", state="done", finished_at=timezone.now())
    page = shown(client, alice)
    assert re.findall(r"\d\.zip", page) == ["5.zip", "4.zip", "3.zip", "2.zip", "1.zip"]


def test_nobody_sees_somebody_elses(client: Client, alice: User, bob: User) -> None:
    make_import(alice)
    assert "takeout.zip" not in shown(client, bob)
