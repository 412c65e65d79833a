"""What a photo's camera tells, in words."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gallery.exposure import Exposure

_SHORT: Final = 0.25001  # up to a quarter of a second people say one over so much


def exposure_line(exposure: Exposure) -> str:
    """ "1/250 s · f/1.8 · ISO 64 · 26 mm"; "" where nothing is known."""
    return " · ".join(_parts(exposure))


def stars(rating: int | None) -> str:
    """ "★★★★☆"; "" for none at all."""
    return "★" * rating + "☆" * (5 - rating) if rating else ""


def _parts(exposure: Exposure) -> Iterator[str]:
    if exposure.time is not None:
        yield _("%(time)s s") % {"time": _time(exposure.time)}
    if exposure.f_number is not None:
        yield f"f/{_number(exposure.f_number)}"
    if exposure.iso is not None:
        yield f"ISO {exposure.iso}"
    if exposure.focal_length is not None or exposure.focal_length_35mm is not None:
        yield _focal_length(exposure)
    if exposure.bias:
        yield f"{'+' if exposure.bias > 0 else '−'}{_number(abs(exposure.bias))} EV"
    if exposure.flash:
        yield _("with flash")


def _time(seconds: float) -> str:
    return f"1/{_number(1 / seconds, 0)}" if seconds < _SHORT else _number(seconds)


def _focal_length(exposure: Exposure) -> str:
    """What stands on the lens, and what would show as much on film: of a phone only that means something to people."""
    length, on_film = exposure.focal_length, exposure.focal_length_35mm
    if length is None or on_film is None or round(length) == on_film:
        return f"{_number(length if length is not None else on_film or 0, 0)} mm"
    return _("%(length)s mm (%(on_film)s mm equivalent)") % {
        "length": _number(length),
        "on_film": _number(on_film, 0),
    }


def _number(value: float, digits: int = 1) -> str:
    """As the reader's language writes it, without a zero at the end."""
    rounded = Decimal(f"{value:.{digits}f}")
    whole = rounded == rounded.to_integral_value()
    return number_format(rounded, 0 if whole else digits, use_l10n=True)
