"""Typed readers of the environment. A wrong value stops the start with one line that names the variable.

A variable that is set to nothing counts as not set.
"""

import ipaddress
import math
import os
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from environs import Env, EnvError

_env: Final = Env()
IN_FILES: Final = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PHOTOSITE_METRICS_TOKEN")
"""What holds a password can be kept in a file: NAME_FILE says which."""


class WrongSetting(SystemExit):
    """Ends the process with one line on stderr and exit status 1, whichever program read the settings."""


def stop(message: str) -> NoReturn:
    raise WrongSetting(f"photosite: {message}")


def _read(name: str, reader: Callable[..., Any], default: Any, what: str) -> Any:
    if not text(name):
        return default
    try:
        return reader(name)
    except EnvError:
        stop(f"{name} must be {what}, not {text(name)!r}")


def text(name: str, default: str = "") -> str:
    value: str = _env.str(name, "")
    return value.strip() or _in_file(name) or default


def _in_file(name: str) -> str:
    path: str = _env.str(f"{name}_FILE", "").strip() if name in IN_FILES else ""
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except (OSError, ValueError) as error:
        stop(f"{name}_FILE must be a file that can be read: {error}")


def secret(name: str, least: int) -> str:
    """Something nobody can guess, at least so many characters long; "" where it is not set. Never shown."""
    value = text(name)
    if value and len(value) < least:
        stop(f"{name} must be at least {least} characters long: make one with `openssl rand -hex 32`")
    return value


def flag(name: str) -> bool:
    return bool(_read(name, _env.bool, False, "0 or 1"))


def whole(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number between `least` and `most`, both included."""
    bounds = f"a whole number from {least}" + (f" to {most}" if most is not None else " up")
    value = int(_read(name, _env.int, default, bounds))
    if value < least or (most is not None and value > most):
        stop(f"{name} must be {bounds}, not {value}")
    return value


def number(name: str, default: float, *, least: float = 0, most: float | None = None) -> float:
    """A finite number between `least` and `most`, both included."""
    bounds = f"a number from {least:g}" + (f" to {most:g}" if most is not None else " up")
    value = float(_read(name, _env.float, default, bounds))
    if not math.isfinite(value) or value < least or (most is not None and value > most):
        stop(f"{name} must be {bounds}, not {value:g}")
    return value


def money(name: str) -> Decimal | None:
    """US dollars, exactly as written; None where nothing is."""
    what = "an amount in US dollars such as 25 or 0.50"
    value: Decimal | None = _read(name, _env.decimal, None, what)
    if value is not None and not (value.is_finite() and 0 <= value < 10**9):
        stop(f"{name} must be {what}, not {value}")
    return value


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        stop(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def some_of(name: str, default: tuple[str, ...], allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Words from `allowed`, with commas between them and in its order; "none" for none of them."""
    value = text(name)
    if not value:
        return default
    named = [] if value == "none" else [word.strip() for word in value.split(",")]
    if unknown := [word for word in named if word not in allowed]:
        stop(f"{name} must name some of {', '.join(allowed)}, or none, not {unknown[0]!r}")
    return tuple(word for word in allowed if word in named)


def zone(name: str, default: str) -> str:
    """A time zone by its name in the IANA database."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # not there; no name at all; a folder of zones
        stop(f"{name} must be a time zone such as Europe/Berlin or UTC, not {value!r}")
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute path, made if it is not there; a relative one counts from where the command was started.

    supervisord's file has no way to write some characters in every place that a path may have there.
    """
    try:
        path = Path(text(name) or default).expanduser().resolve()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: `~somebody` who is not there
        stop(f"{name} must be a folder that can be made: {error}")
    if odd := sorted(set(str(path)) & set('%"')) or [mark for mark in (" ;", " #") if mark in str(path)]:
        stop(f"{name} must be a path without {odd[0].strip()}, and {path} has one")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        stop(f"{name} must be a folder that can be written, and {path} is not")
    return path


def url(name: str, default: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """An absolute URL without a trailing slash. A wrong one is shown only where it can't hold a password."""
    value = text(name, default)
    if not value:
        return value
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        shown = "what it holds could not be read" if "@" in value else f"not {value!r}"
        stop(f"{name} must be an address such as {schemes[0]}://host, {shown}")
    return value.rstrip("/")


def origin(name: str, default: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """An address without a path: which host, which port, and whose name and password where it needs them."""
    value = url(name, default, schemes)
    if urlsplit(value).path or urlsplit(value).query:
        stop(f"{name} must be an address without a path, such as {schemes[0]}://host")
    return value


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
