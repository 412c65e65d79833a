"""`manage.py part`: one process of the site, and whether the one on this machine answers."""

import os
from typing import Any, NoReturn

import pytest
from django.core.management import CommandError, call_command

from photosite import ask, processes
from photosite.celery import app

pytestmark = pytest.mark.pure


class Became(Exception):
    pass


def test_it_becomes_what_make_run_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def become(*told: Any) -> NoReturn:
        raise Became(*told)

    monkeypatch.setattr(os, "execve", become)
    with pytest.raises(Became) as became:
        call_command("part", "worker-labels")
    program = next(one for one in processes.programs() if one.name == "worker-labels")
    assert became.value.args == (program.command[0], program.command, processes.environment(program))


def test_nobody_becomes_what_is_no_part() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'ready'"):
        call_command("part", "ready")


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (400, False), (503, False)])
def test_the_web_is_healthy_while_it_says_so(
    monkeypatch: pytest.MonkeyPatch, status: int, healthy: bool
) -> None:
    monkeypatch.setattr(ask, "site", lambda path: (status, path.encode()))
    assert_answers("web", healthy)


@pytest.mark.parametrize("healthy", [True, False])
@pytest.mark.parametrize(("part", "node"), [
    ("worker-images", "images@"), ("worker-labels", "labels@"), ("purger", "purger@"),
])  # fmt: skip
def test_a_worker_is_healthy_while_it_answers(
    monkeypatch: pytest.MonkeyPatch, part: str, node: str, healthy: bool
) -> None:
    asked: list[str] = []

    def ping(destination: list[str], timeout: float) -> list[dict[str, Any]]:
        asked.extend(destination)
        return [{destination[0]: {"ok": "pong"}}] if healthy else []

    monkeypatch.setattr(app.control, "ping", ping)
    assert_answers(part, healthy)
    assert len(asked) == 1
    assert asked[0].startswith(node)


def assert_answers(part: str, healthy: bool) -> None:
    if healthy:
        call_command("part", part, "--healthy")
    else:
        with pytest.raises(CommandError, match=f"{part} does not answer"):
            call_command("part", part, "--healthy")


def test_nobody_can_ask_the_scheduler() -> None:
    with pytest.raises(CommandError, match="as long as its process"):
        call_command("part", "scheduler", "--healthy")
