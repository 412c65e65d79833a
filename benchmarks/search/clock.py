"""Milliseconds of processor time, ours and the database's together: what the machine does besides is not in them.

What is compared is asked by turns. The clock on the wall is read, too; on an idle machine it says the same.
"""

import dataclasses
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.search.databases import server_processes

Work = Callable[[], object]


@dataclasses.dataclass(frozen=True)
class Sample:
    """Milliseconds. `own`: of `processor` what was this process's."""

    processor: float
    wall: float
    own: float = 0


@dataclasses.dataclass(frozen=True)
class Timing:
    samples: Sequence[Sample]

    @property
    def p50(self) -> float:
        return statistics.median(sample.processor for sample in self.samples)

    @property
    def own_p50(self) -> float:
        """Without the database's server: what a page costs the web process."""
        return statistics.median(sample.own for sample in self.samples)

    @property
    def p95(self) -> float:
        return _p95([sample.processor for sample in self.samples])

    @property
    def wall_p50(self) -> float:
        return statistics.median(sample.wall for sample in self.samples)

    @property
    def wall_p95(self) -> float:
        return _p95([sample.wall for sample in self.samples])

    def __str__(self) -> str:
        return f"p50 {self.p50:.2f} p95 {self.p95:.2f} ms"


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def by_turns(works: Mapping[str, Work], rounds: int) -> dict[str, Timing]:
    """Each is done once unmeasured, then all of them, one after the other, so many times."""
    for work in works.values():
        work()
    servers = server_processes()
    samples: dict[str, list[Sample]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            samples[name].append(sample(work, servers))
    return {name: Timing(found) for name, found in samples.items()}


def sample(work: Work, servers: Sequence[int]) -> Sample:
    """`servers`: the processes that work for us."""
    began, worked, own = time.perf_counter(), _processor_seconds(servers), time.process_time()
    work()
    own, worked = time.process_time() - own, _processor_seconds(servers) - worked
    return Sample(1000 * worked, 1000 * (time.perf_counter() - began), 1000 * own)


def _processor_seconds(servers: Sequence[int]) -> float:
    theirs = sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in servers)
    return time.process_time() + theirs / 1e9
