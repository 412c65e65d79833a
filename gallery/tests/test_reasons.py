"""What workers write down in English is told in the reader's language."""

import ast
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.utils import translation

from gallery.imaging.analysis import fits_rekognition
from gallery.imaging.errors import REASONS
from gallery.pipeline import budget, jobs, reasons

pytestmark = pytest.mark.pure
_ROOMS: Final = ("pipeline", "labelling", "imaging")
# Who takes a sentence that may be written down.
_TAKES: Final = {
    *("Postponed", "GivenUp", "Skipped", "Redo", "give_up", "skip", "NoSlot", "fail_upload"),
    *("Throttled", "Unreachable", "Unusable", "Misconfigured", "Denied", "Rejected"),
}


def test_no_sentence_is_written_where_it_is_not_known() -> None:
    """A sentence for a photo's owner is a constant that `reasons` lists."""
    loose = []
    for path in (
        file for room in _ROOMS for file in (Path(settings.BASE_DIR) / "gallery" / room).rglob("*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).rpartition(".")[2] in _TAKES
                and node.args
            ):
                written = [
                    part for arg in node.args for part in ast.walk(arg) if isinstance(part, ast.Constant)
                ]
                loose += [f"{path.name}: {part.value!r}" for part in written if " " in str(part.value)]
    assert loose == []


@pytest.mark.parametrize("sentence", reasons.SENTENCES)
def test_a_sentence_is_known_again_with_its_values(sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "_", lambda text: f"translated: {text}")
    values = {"what": "a video (MP4)", "why": "Paused.", "count": 8, "width": 12, "height": 7, "limit": 100} | {
        "sent": 7, "announced": 9,
        "budget": "$5.00", "month": "May", "day": "1 June", "code": "ImageTooLargeException", "name": "Labels",
    }  # fmt: skip
    assert reasons.said(sentence % values).startswith("translated: ")


def test_values_are_told_in_the_readers_language() -> None:
    spent = budget.OWNERS % {"budget": "$1,234.50", "month": "March", "day": "1 April"}
    with translation.override("de"):
        told = reasons.said(spent)
        assert "März" in told
        assert "1. April" in told
        assert "1.234,50" in told
    assert "in March, and has been" in reasons.said(spent)


def test_a_sentence_in_a_sentence_is_told_too() -> None:
    silent = jobs.TRIED_OFTEN % {"why": "The image recognition does not answer.", "count": 8}
    assert reasons.said(silent) == "The image recognition does not answer. This was tried 8 times."


def test_what_is_not_known_is_told_as_it_is() -> None:
    for text in ("", "Something of long ago.", "100 % (sure)"):
        assert reasons.said(text) == text


def test_budgets_are_written_down_in_one_language() -> None:
    """Else nobody would find those again that wait for the same."""
    month = budget.Month.of(datetime(2026, 3, 5, tzinfo=UTC))
    with translation.override("de"):
        in_german = budget.sentence("", Decimal(5), month)
    assert in_german == budget.sentence("", Decimal(5), month)
    assert in_german.startswith(budget.PREFIX)


def test_every_kind_of_file_has_a_word() -> None:
    tree = ast.parse((Path(settings.BASE_DIR) / "gallery/imaging/formats.py").read_text())
    told = {
        node.args[1].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "Foreign"
        and isinstance(node.args[1], ast.Constant)
    }
    kinds = [kind for kind in map(str, told) if kind != "an unknown file"]
    assert [
        kind for kind in kinds if kind not in reasons.KINDS and kind.split(" (")[0] not in reasons.KINDS
    ] == []


def test_a_picture_that_can_not_be_analysed_says_why() -> None:
    with translation.override("de"):
        assert "12" in reasons.said(fits_rekognition(12, 900, 100) or "")


def test_every_refusal_of_a_picture_is_known() -> None:
    assert {reason.sentence for reason in REASONS.values()} <= set(reasons.MSGIDS)
