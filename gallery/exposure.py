"""How a photo was exposed, as its camera tells. Pure; no Django."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, Final, Self


@dataclasses.dataclass(frozen=True)
class Exposure:
    """time: seconds. f_number: the aperture. focal_length, focal_length_35mm: millimetres, as the lens is marked and
    what would show as much on film. flash: whether it fired. bias: what the photographer asked for, in EV.

    What is not known is None, and so is what no camera does.
    """

    time: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35mm: int | None = None
    flash: bool | None = None
    bias: float | None = None

    @classmethod
    def believed(cls, **told: float | None) -> Self:
        """What can be of what is told: 0/0, zero and the sky are left out."""
        return cls(**{name: _within(name, value) for name, value in told.items()})

    @classmethod
    def of_row(cls, row: Mapping[str, Any] | None) -> Self:
        """As `as_row` wrote it, perhaps before there was a field or while there was another."""
        known = {field.name for field in dataclasses.fields(cls)}
        return cls.believed(**{name: value for name, value in (row or {}).items() if name in known})

    @property
    def as_row(self) -> dict[str, Any] | None:
        """Only what is known; None where nothing is."""
        return {name: value for name, value in dataclasses.asdict(self).items() if value is not None} or None


# The least and the most that is believed: a day's exposure, f/0.5 to a pinhole, the longest lens ever sold.
_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "time": (1e-7, 86_400),
    "f_number": (0.5, 1_000),
    "iso": (1, 10_000_000),
    "focal_length": (0.1, 10_000),
    "focal_length_35mm": (1, 50_000),
    "flash": (0, 1),
    "bias": (-20, 20),
}
_WHOLE: Final = {"iso": int, "focal_length_35mm": int, "flash": bool}
_DIGITS: Final = 6


def _within(name: str, value: Any) -> Any:
    least, most = _BOUNDS[name]
    if not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
        return None
    return _WHOLE[name](value) if name in _WHOLE else _rounded(float(value))


def _rounded(value: float) -> float:
    """To six digits that count: 1/3 s is no longer than it has to be."""
    return float(f"{value:.{_DIGITS}g}")
