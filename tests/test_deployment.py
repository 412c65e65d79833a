"""deploy/: no container engine is here, so what can be known without one is held here."""

import re
from typing import Any, Final

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from photosite import env, processes
from photosite.localaws.rekognition import gunicorn_settings
from photosite.localaws.settings import read_settings
from tests.compose import COMPOSE, DEPLOY, DOCKERFILE, OURS, ROOT, SERVICES, copied, parts, variables

pytestmark = pytest.mark.pure
KEYS: Final = {"AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S", "AWS_REGION": "us-west-2"}
EXAMPLE: Final = (DEPLOY / "example.env").read_text(encoding="utf-8")


def parsed(command: list[str]) -> Any:
    """A management command's arguments, read by the command itself."""
    assert command[:2] == ["python", "manage.py"]
    name, *arguments = command[2:]
    found = load_command_class(get_commands()[name], name)
    return found.create_parser("manage.py", name).parse_args(arguments)


def test_each_process_of_the_site_is_a_service_and_nothing_else() -> None:
    assert parts().keys() == processes.parts().keys()
    assert {name: service["command"][3] for name, service in OURS.items() if service in parts().values()} == {
        name: name for name in parts()
    }


def test_a_part_is_what_make_run_starts() -> None:
    supervised = {program.name: program for program in processes.programs()}
    for name, program in processes.parts().items():
        assert supervised[name] == program


@pytest.mark.parametrize("name", ["migrate", *parts()])
def test_each_command_is_one_that_manage_py_knows(name: str) -> None:
    parsed(SERVICES[name]["command"])


@pytest.mark.parametrize("name", [name for name in OURS if "healthcheck" in OURS[name]])
def test_each_health_check_asks_the_part_that_it_is_in(name: str) -> None:
    test = OURS[name]["healthcheck"]["test"]
    assert test[0] == "CMD"
    asked = parsed(test[1:])
    assert (asked.name, asked.healthy) == (name, True)


def test_the_recogniser_is_the_embedded_one() -> None:
    embedded = next(program for program in processes.programs() if program.name == "recogniser")
    command = SERVICES["recogniser"]["command"]
    assert command[1:3] == embedded.command[1:3]
    assert gunicorn_settings(read_settings(command[3:], KEYS))["bind"] == "0.0.0.0:8090"
    assert gunicorn_settings(read_settings(["--port", "8090"], KEYS))["bind"] == "127.0.0.1:8090"
    assert "AWS_ENDPOINT_URL_REKOGNITION=http://recogniser:8090" in EXAMPLE


def test_the_site_reads_every_variable_that_a_service_is_given() -> None:
    source = (ROOT / "photosite" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z][A-Z0-9_]+)"', source))
    read |= {f"{name}_FILE" for name in env.IN_FILES}
    given = {name for service in OURS.values() for name in service["environment"]}
    baked = set(re.findall(r"\b(PHOTOSITE_[A-Z_]+)=", DOCKERFILE))
    assert (given | baked) - read == set()


def test_every_secret_comes_from_a_file_that_the_guide_makes() -> None:
    guide = (DEPLOY / "secrets" / "README.md").read_text(encoding="utf-8")
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"secrets/{name}"}
        assert f"> {name}\n" in guide
    for service in SERVICES.values():
        told = {
            name.removeprefix("/run/secrets/")
            for name in map(str, _texts(service))
            if "/run/secrets/" in name
        }
        assert told <= set(service.get("secrets", []))
    assert "SECRET_KEY" not in {name for service in OURS.values() for name in service["environment"]}


def _texts(service: dict[str, Any]) -> list[Any]:
    return [*service.get("command", []), *service.get("environment", {}).values()]


def test_the_example_says_what_is_needed_and_names_nothing_unknown() -> None:
    asked = dict(variables())
    named = set(re.findall(r"^#?([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
    assert named <= asked.keys()
    assert {name for name, optional in asked.items() if not optional} <= named


def test_what_is_named_is_there() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", [])) <= SERVICES.keys()
        assert set(service.get("networks", [])) <= COMPOSE["networks"].keys()
        assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()
    for name, after in ((one, SERVICES[one].get("depends_on") or {}) for one in SERVICES):
        for other, condition in after.items():
            wanted = condition["condition"]
            assert wanted != "service_healthy" or "healthcheck" in SERVICES[other], (name, other)


def test_only_the_proxy_is_reached_from_outside_and_every_part_can_be_there_twice() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert [name for name, service in SERVICES.items() if "container_name" in service] == []
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "outside" not in service["networks"]] == [
        "recogniser", "database", "queue",
    ]  # fmt: skip


def test_our_containers_may_do_as_little_as_they_need() -> None:
    for service in OURS.values():
        assert service["user"] == "10001:10001"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert "--uid 10001" in DOCKERFILE
    assert "USER 10001:10001" in DOCKERFILE


def test_only_the_web_knows_the_mail_server_and_each_role_has_keys_of_its_own() -> None:
    assert [name for name, service in OURS.items() if "email_url" in service["secrets"]] == ["web"]
    keys = {name: part["environment"].get("AWS_ACCESS_KEY_ID", "") for name, part in parts().items()}
    assert len({keys["web"], keys["worker-images"], keys["purger"]}) == 3
    assert keys["scheduler"] == ""


def test_other_peoples_images_are_pinned_to_a_version() -> None:
    foreign = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    python = re.findall(r"^ARG PYTHON=(\S+)$", DOCKERFILE, re.MULTILINE)
    for image in [*foreign, *python]:
        assert re.search(r":\d+\.\d+(\.\d+)?-", image), image


def test_what_the_image_takes_is_there_and_the_builder_is_sent_it() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for source, _ in copied():
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored
    assert "*" in ignored
    assert (DEPLOY / "Caddyfile").exists()
    assert "reverse_proxy {" in (DEPLOY / "Caddyfile").read_text(encoding="utf-8")


def test_a_file_of_the_largest_size_passes_the_proxy() -> None:
    most = re.findall(r"max_size (\d+)MB", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"))
    assert int(most[0]) * 1000**2 > settings.MAX_UPLOAD_BYTES
