"""What `make run` starts, as supervisord reads it: any data folder's name, and no part that an address replaces."""

import shlex
from pathlib import Path
from typing import Any, Final

import pytest
from supervisor.options import ServerOptions

from gallery.pipeline.steps import STEPS
from photosite.processes import ASKING
from photosite.tests.starting import said

pytestmark = pytest.mark.pure
SITE: Final = ["web", "worker-images", "worker-labels", "purger", "scheduler", "ready"]
PROGRAMS: Final = """
import django; django.setup()
from photosite import processes
said = [{"name": p.name, "command": p.command, "part": p.part} for p in processes.programs()]
"""
WRITTEN: Final = """
import django; django.setup()
from django.conf import settings
from photosite import processes
programs = {
    p.name: {"command": [*processes.TIED, *p.command], "folder": str(p.folder), "environment": processes._own(p)}
    for p in processes.programs()
}
said = {"file": str(processes.prepare()), "programs": programs}
"""


def parsed(file: str) -> dict[str, Any]:
    """The programs in supervisord's file, by its own reader."""
    options = ServerOptions()
    options.realize(["-n", "-c", file])
    groups = options.process_group_configs
    return {process.name: process for group in groups for process in group.process_configs}


@pytest.mark.parametrize("name", [
    "photos", "my photos", "alice's photos", "a,b", "a=b", "ünïcödé 日本", "a$HOME`x`&|", "a;b", "a#b", "[a]", "a\\b",
])  # fmt: skip
def test_a_data_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    data = tmp_path / name
    wanted = said(data, WRITTEN)
    found = parsed(wanted["file"])
    assert found.keys() == wanted["programs"].keys()
    for program, process in found.items():
        expected = wanted["programs"][program]
        assert shlex.split(process.command) == expected["command"]
        assert process.directory == expected["folder"]
        assert process.environment == expected["environment"]
        if program != "ready":
            assert process.stdout_logfile == str(data / "logs" / f"{program}.log")


def test_the_parts_stop_after_the_site(tmp_path: Path) -> None:
    options = ServerOptions()
    options.realize(["-n", "-c", said(tmp_path, WRITTEN)["file"]])
    order = [
        (group.name, [process.name for process in group.process_configs])
        for group in sorted(options.process_group_configs)
    ]
    assert [name for name, _ in order] == ["parts", "site"]  # stopped from the last to the first
    assert sorted(order[0][1]) == ["queue", "recogniser", "s3"]
    assert sorted(order[1][1]) == sorted(SITE)


def names(tmp_path: Path, **given: str) -> list[str]:
    return [program["name"] for program in said(tmp_path, PROGRAMS, **given)]


def test_without_a_setting_everything_is_started(tmp_path: Path) -> None:
    assert names(tmp_path) == ["s3", "queue", "recogniser", *SITE]


@pytest.mark.parametrize(("given", "missing"), [
    ({"AWS_ENDPOINT_URL_S3": "http://minio:9000"}, {"s3"}),
    ({"AWS_ENDPOINT_URL_REKOGNITION": "http://recogniser:9001"}, {"recogniser"}),
    ({"REDIS_URL": "redis://cache:6379"}, {"queue"}),
    ({"PHOTOSITE_AWS": "1"}, {"s3", "recogniser"}),
    ({"PHOTOSITE_AWS": "1", "REDIS_URL": "rediss://cache:6379"}, {"s3", "queue", "recogniser"}),
], ids=["s3", "recogniser", "queue", "aws", "all"])  # fmt: skip
def test_an_address_replaces_the_embedded_part(
    tmp_path: Path, given: dict[str, str], missing: set[str]
) -> None:
    found = names(tmp_path, **given)
    assert set(found) == {"s3", "queue", "recogniser", *SITE} - missing
    assert [name for name in found if name in SITE] == SITE


def test_people_find_the_processes_by_their_names(tmp_path: Path) -> None:
    """The contract's words for `ps`; and no secret among them."""
    programs = said(tmp_path, PROGRAMS)
    commands = {program["name"]: " ".join(program["command"]) for program in programs}
    words = {"s3": "weed", "queue": "valkey", "recogniser": "rekognition", "web": "gunicorn", "scheduler": "celery",
             "worker-images": "celery", "worker-labels": "celery", "purger": "celery"}  # fmt: skip
    for name, word in words.items():
        assert word in commands[name]
    run = said(tmp_path, "from photosite import runfile; from pathlib import Path; import dataclasses\n"
               "said = dataclasses.asdict(runfile.ensure(Path(os.environ['PHOTOSITE_DATA_DIR'])))")  # fmt: skip
    for name in ("secret_access_key", "queue_password", "django_secret"):
        assert not any(run[name] in command for command in commands.values())


def test_nothing_listens_beyond_this_machine(tmp_path: Path) -> None:
    commands = {program["name"]: program["command"] for program in said(tmp_path, PROGRAMS)}
    assert "127.0.0.1:8000" in commands["web"]
    assert {"-ip=127.0.0.1", "-ip.bind=127.0.0.1"} <= set(commands["s3"])
    everywhere = "0.0.0.0"  # noqa: S104
    assert not any(everywhere in word for command in commands.values() for word in command)
    moved = {
        program["name"]: program["command"]
        for program in said(tmp_path, PROGRAMS, PHOTOSITE_HOST="::1", PHOTOSITE_PORT="8001")
    }
    assert "[::1]:8001" in moved["web"]


def test_a_host_set_to_nothing_is_still_this_machine(tmp_path: Path) -> None:
    commands = {
        program["name"]: program["command"] for program in said(tmp_path, PROGRAMS, PHOTOSITE_HOST="")
    }
    assert "127.0.0.1:8000" in commands["web"]


def test_what_holds_a_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    said(tmp_path / "data", WRITTEN)
    for secret in ("run.json", "s3/s3.json", "queue/valkey.conf"):
        assert (tmp_path / "data" / secret).stat().st_mode & 0o077 == 0
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_no_steps_words_stand_before_anothers() -> None:
    asking = [step.queue for step in STEPS.values() if step.asks]
    assert ASKING.split(",") == asking
    assert len(set(asking)) == len(asking)


def test_the_s3_server_has_room_for_what_it_sets_apart(tmp_path: Path) -> None:
    """At 256 MiB, which it sets apart untouched, it does nothing but collect garbage: decision 0019."""
    found = said(tmp_path, WRITTEN)["programs"]["s3"]["environment"]
    assert found["GOMEMLIMIT"] == "1GiB"
