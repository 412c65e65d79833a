"""Ratios beside their goals, as lines."""

import dataclasses

from benchmarks.search.clock import Timing


@dataclasses.dataclass(frozen=True)
class Line:
    """`value`: a ratio, or milliseconds where `unit` says so. `goal`: the most it may be; None: for the eye."""

    name: str
    value: float
    goal: float | None
    told: str = ""
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.goal is None or self.value <= self.goal

    def __str__(self) -> str:
        wanted = "" if self.goal is None else f"≤ {_short(self.goal, self.unit)}"
        verdict = "" if self.goal is None else "ok" if self.met else "NOT MET"
        return f"{self.name:44s} {_short(self.value, self.unit):>9s} {wanted:>9s}  {verdict:8s} {self.told}".rstrip()


def ratio(name: str, ours: Timing, peers: Timing, goal: float | None) -> Line:
    """Of medians."""
    return Line(name, ours.p50 / peers.p50, goal, f"{ours}, against {peers}")


def _short(value: float, unit: str) -> str:
    if unit:
        return f"{value:.1f} {unit}"
    return f"{value:.2f}" if value > 0.2 else f"1/{1 / value:.0f}"
