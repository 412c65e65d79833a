"""How gunicorn runs the site, beyond its command line: `gunicorn --config python:photosite.web`."""

from typing import Any

from gallery import tally
from gallery.imaging.limits import die_with_parent

preload_app = True  # loaded once, for all workers: a new one is there at once and shares the memory


def post_fork(_arbiter: Any, worker: Any) -> None:
    """A worker dies with its master, however that one dies: a request that hangs would keep the port otherwise."""
    die_with_parent(worker.ppid)
    tally.start()  # a thread, so not before the fork
