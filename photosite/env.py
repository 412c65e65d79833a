"""Typed readers of the environment. A wrong value stops the start with one line that names the variable."""

import ipaddress
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from environs import Env, EnvError

_env: Final = Env()


class WrongSetting(SystemExit):
    """Ends the process with one line on stderr and exit status 1, whichever program read the settings."""


def stop(message: str) -> NoReturn:
    raise WrongSetting(f"photosite: {message}")


def _read(name: str, reader: Callable[..., Any], default: Any, what: str) -> Any:
    try:
        return reader(name, default)
    except EnvError:
        stop(f"{name} must be {what}, not {_env.str(name)!r}")


def text(name: str, default: str = "") -> str:
    value: str = _env.str(name, default)
    return value.strip()


def flag(name: str) -> bool:
    return bool(_read(name, _env.bool, False, "0 or 1"))


def whole(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number between `least` and `most`, both included."""
    bounds = f"a whole number from {least}" + (f" to {most}" if most is not None else " up")
    value = int(_read(name, _env.int, default, bounds))
    if value < least or (most is not None and value > most):
        stop(f"{name} must be {bounds}, not {value}")
    return value


def number(name: str, default: float, *, least: float = 0) -> float:
    value = float(_read(name, _env.float, default, "a number"))
    if not value >= least:
        stop(f"{name} must be a number from {least:g} up, not {value:g}")
    return value


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        stop(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute path; a relative one counts from where the command was started."""
    value = text(name)
    return Path(value).expanduser().resolve() if value else default.resolve()


def url(name: str, default: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """An absolute URL without a trailing slash."""
    value = text(name, default)
    if not value:
        return value
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        stop(f"{name} must be an address such as {schemes[0]}://host, not {value!r}")
    return value.rstrip("/")


def parsed(name: str, default: str, parse: Callable[[str], Mapping[str, Any]], what: str) -> dict[str, Any]:
    """What `parse` makes of the variable, for URLs that name a database or a mail server."""
    value = text(name, default)
    try:
        return dict(parse(value))
    except Exception:  # noqa: BLE001 - third-party URL parsers raise whatever they like
        stop(f"{name} must be {what}, and what it holds could not be read")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
