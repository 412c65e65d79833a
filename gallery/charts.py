"""Where the bars of a stacked chart stand: numbers and words, drawn by components/chart.html without any style."""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 240
_LEFT, _TOP, _BOTTOM = 64, 12, 28
_GAP: Final = 0.3
_MOST_NAMES: Final = 12
Say = Callable[[Decimal], str]
"""How an amount is written."""


@dataclasses.dataclass(frozen=True)
class Bar:
    """One part of a column. `series`: which of the chart's, from 0; `said`: its amount in words."""

    y: float
    height: float
    series: int
    said: str


@dataclasses.dataclass(frozen=True)
class Column:
    """What belongs to one name on the lower edge, written there if `named`; `amounts` in words as the series go."""

    name: str
    named: bool
    x: float
    middle: float
    bars: list[Bar]
    amounts: list[str]
    total: str


@dataclasses.dataclass(frozen=True)
class Line:
    y: float
    said: str


@dataclasses.dataclass(frozen=True)
class Chart:
    """In units of its view box, WIDTH by HEIGHT. `mark`: an amount that the columns are compared with."""

    series: list[str]
    columns: list[Column]
    lines: list[Line]
    bar_width: float
    mark: Line | None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    baseline: int = HEIGHT - _BOTTOM


def stacked(
    columns: Sequence[tuple[str, Mapping[str, Decimal]]],
    series: Sequence[str],
    say: Say,
    mark: Decimal | None = None,
) -> Chart:
    """Columns in the order given, each a sum of its series; at least one column."""
    totals = [sum(amounts.values(), Decimal(0)) for _, amounts in columns]
    top = _round_up(max(*totals, mark or Decimal(0), Decimal(0)))
    step = (WIDTH - _LEFT) / len(columns)
    every = math.ceil(len(columns) / _MOST_NAMES)

    def drawn(amount: Decimal) -> float:
        return float(amount / top) * (HEIGHT - _TOP - _BOTTOM)

    def line(amount: Decimal) -> Line:
        return Line(round(HEIGHT - _BOTTOM - drawn(amount), 2), say(amount))

    def bars(amounts: Mapping[str, Decimal]) -> list[Bar]:
        found, y = [], float(HEIGHT - _BOTTOM)
        for number, name in enumerate(series):
            if amount := amounts.get(name):
                y -= drawn(amount)
                found.append(Bar(round(y, 2), round(drawn(amount), 2), number, say(amount)))
        return found

    return Chart(
        list(series),
        [
            Column(
                name,
                (len(columns) - 1 - number) % every == 0,
                round(_LEFT + step * (number + _GAP / 2), 2),
                round(_LEFT + step * (number + 0.5), 2),
                bars(amounts),
                [say(amounts.get(one, Decimal(0))) for one in series],
                say(total),
            )
            for number, ((name, amounts), total) in enumerate(zip(columns, totals, strict=True))
        ],
        [line(amount) for amount in (top, top / 2, Decimal(0))],
        round(step * (1 - _GAP), 2),
        None if mark is None else line(mark),
    )


def _round_up(amount: Decimal) -> Decimal:
    """The next 1, 2 or 5 of a power of ten; one dollar above nothing."""
    if not amount:
        return Decimal(1)
    power = Decimal(10) ** math.floor(amount.log10())
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= amount)
