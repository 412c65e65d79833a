"""Where the bars of a stacked chart stand: numbers only, drawn by components/chart.html without any style."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 240
_LEFT, _TOP, _BOTTOM = 64, 12, 28
_GAP: Final = 0.3


@dataclasses.dataclass(frozen=True)
class Bar:
    """One part of a column. `series`: which of the chart's, from 0."""

    y: float
    height: float
    series: int
    amount: Decimal


@dataclasses.dataclass(frozen=True)
class Column:
    """What belongs to one name on the lower edge; `amounts` as the series go."""

    name: str
    x: float
    middle: float
    bars: list[Bar]
    amounts: list[Decimal]
    total: Decimal


@dataclasses.dataclass(frozen=True)
class Line:
    y: float
    amount: Decimal


@dataclasses.dataclass(frozen=True)
class Chart:
    """In units of its view box, WIDTH by HEIGHT."""

    series: list[str]
    columns: list[Column]
    lines: list[Line]
    bar_width: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    baseline: int = HEIGHT - _BOTTOM


def stacked(columns: Sequence[tuple[str, Mapping[str, Decimal]]], series: Sequence[str]) -> Chart:
    """Columns in the order given, each a sum of its series; at least one column."""
    totals = [sum(amounts.values(), Decimal(0)) for _, amounts in columns]
    top = _round_up(max(totals))
    step = (WIDTH - _LEFT) / len(columns)

    def drawn(amount: Decimal) -> float:
        return float(amount / top) * (HEIGHT - _TOP - _BOTTOM)

    def bars(amounts: Mapping[str, Decimal]) -> list[Bar]:
        found, y = [], float(HEIGHT - _BOTTOM)
        for number, name in enumerate(series):
            if amount := amounts.get(name):
                y -= drawn(amount)
                found.append(Bar(round(y, 2), round(drawn(amount), 2), number, amount))
        return found

    return Chart(
        list(series),
        [
            Column(
                name,
                round(_LEFT + step * (number + _GAP / 2), 2),
                round(_LEFT + step * (number + 0.5), 2),
                bars(amounts),
                [amounts.get(one, Decimal(0)) for one in series],
                total,
            )
            for number, ((name, amounts), total) in enumerate(zip(columns, totals, strict=True))
        ],
        [Line(round(HEIGHT - _BOTTOM - drawn(amount), 2), amount) for amount in (top, top / 2, Decimal(0))],
        round(step * (1 - _GAP), 2),
    )


def _round_up(amount: Decimal) -> Decimal:
    """The next 1, 2 or 5 of a power of ten; one dollar above nothing."""
    if not amount:
        return Decimal(1)
    power = Decimal(10) ** math.floor(amount.log10())
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= amount)
