"""In which language and time zone somebody reads. Both may be "": the browser's language, the site's time zone."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

# The others are older names of the same, or offsets without a place.
_REGIONS: Final = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian"),
    "Pacific",
)


@functools.cache
def zones() -> dict[str, list[str]]:
    """The time zones to choose from by region, as "Europe/Berlin"; and UTC."""
    known = sorted(available_timezones())
    by_region = {region: [name for name in known if name.startswith(f"{region}/")] for region in _REGIONS}
    return {**by_region, "UTC": ["UTC"]}


def check_language(code: str) -> None:
    """Raises ValidationError for a language that the site does not speak."""
    if code not in dict(settings.LANGUAGES):
        raise ValidationError(_("The site does not speak this language."))


def check_time_zone(name: str) -> None:
    """Raises ValidationError for what is no time zone's name."""
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone. Choose one such as Europe/Berlin."))


def language(code: str) -> str:
    """The chosen language, or "" where none was, or one that the site no longer speaks."""
    return code if code in dict(settings.LANGUAGES) else ""


def zone(name: str) -> tzinfo:
    """The chosen time zone, or the site's where none was, or one that this machine does not know."""
    return ZoneInfo(name) if name and name in available_timezones() else timezone.get_default_timezone()


@contextmanager
def reading(code: str, zone_name: str) -> Iterator[None]:
    """What is written in here, is written for somebody with these choices; the language stays where none was chosen."""
    with (
        translation.override(language(code) or translation.get_language()),
        timezone.override(zone(zone_name)),
    ):
        yield
