from pathlib import Path

import pytest

from photosite.localaws.ledger import Call, Ledger

pytestmark = pytest.mark.pure


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def test_entries_are_numbered_and_outlive_the_process(path: Path) -> None:
    Ledger(path).record(Call("DetectLabels", "ab", 200))
    second = Ledger(path)
    second.record(Call("DetectLabels", "cd", 400, "ThrottlingException"))
    told = [(one["number"], one["sha256"], one["status"], one["code"]) for one in Ledger(path).entries()]
    assert told == [(1, "ab", 200, None), (2, "cd", 400, "ThrottlingException")]


def test_a_torn_last_line_is_forgotten(path: Path) -> None:
    Ledger(path).record(Call("DetectLabels"))
    with path.open("ab") as file:
        file.write(b'{"number": 2, "oper')
    again = Ledger(path)
    again.record(Call("DetectFaces"))
    assert [one["operation"] for one in Ledger(path).entries()] == ["DetectLabels", "DetectFaces"]


def test_clearing_begins_again(path: Path) -> None:
    ledger = Ledger(path)
    ledger.record(Call("DetectLabels"))
    ledger.clear()
    ledger.record(Call("DetectFaces"))
    assert [(one["number"], one["operation"]) for one in Ledger(path).entries()] == [(1, "DetectFaces")]


def test_without_a_file_it_remembers_too() -> None:
    ledger = Ledger(None)
    ledger.record(Call("DetectLabels"))
    assert len(ledger.entries()) == 1
