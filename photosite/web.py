"""How gunicorn runs the site, beyond its command line: `gunicorn --config python:photosite.web`."""

from typing import Any

from gallery.imaging.limits import die_with_parent


def post_fork(_arbiter: Any, worker: Any) -> None:
    """A worker dies with its master, however that one dies: a request that hangs would keep the port otherwise."""
    die_with_parent(worker.ppid)
