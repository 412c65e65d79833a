"""A benchmark that nobody ran for a while still runs; what it says of a goal is not asked here."""

import subprocess
import sys

import pytest

from tests.site.running import ROOT, plain_environment

pytestmark = [pytest.mark.long, pytest.mark.pure]
SECONDS = 300


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_library_is_filled_and_its_searches_and_pages_are_measured(engine: str) -> None:
    command = [sys.executable, "-m", "benchmarks.search", "--photos", "2000", "--made-up", "5", f"--{engine}"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=plain_environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    assert "goals not met" in done.stdout
    assert "timeline, whole page" in done.stdout
