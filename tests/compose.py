"""deploy/compose.yaml and what belongs to it, as tests read them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
DEPLOY: Final = ROOT / "deploy"
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = {name: service for name, service in SERVICES.items() if "build" in service}
"""The services that run the site's own image."""
DOCKERFILE: Final = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
VARIABLE: Final = re.compile(r"\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}")


def parts() -> dict[str, dict[str, Any]]:
    """The services that are a process of the site, by what they are told to become."""
    told = ["python", "manage.py", "part"]
    return {one["command"][3]: one for one in OURS.values() if one["command"][:3] == told}


def environment(service: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """What a service's processes find, where deploy/.env says what is `given`."""
    return {
        name: VARIABLE.sub(lambda found: given.get(found[1]) or found[3] or "", value)
        for name, value in service["environment"].items()
    }


def copied() -> list[tuple[str, str]]:
    """What the Dockerfile copies from the checkout, and where to."""
    return re.findall(r"^COPY (?!--)(\S+) (\S+)$", DOCKERFILE, re.MULTILINE)


def variables() -> Iterator[tuple[str, bool]]:
    """Every variable that compose.yaml takes from deploy/.env, and whether it can do without."""
    for found in VARIABLE.finditer((DEPLOY / "compose.yaml").read_text(encoding="utf-8")):
        yield found[1], found[2] == "-"
