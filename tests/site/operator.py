"""Somebody who types management commands beside a site: one process for all of them, which is started once.

`python -m tests.site.operator`, with the site's environment, takes a command as a line of JSON,
`[["add_user", "a@example.org"], {"PHOTOSITE_PASSWORD": "…"}]`, and answers with `[status, what it said, its errors]`.
`-m` in place of a command's name runs a module.
"""

import contextlib
import io
import json
import os
import runpy
import sys

import django
from django.core.management import execute_from_command_line
from django.db import connections


def main() -> None:
    django.setup()
    for line in sys.stdin:
        arguments, more = json.loads(line)
        sys.stdout.write(json.dumps(_typed(arguments, more)) + "\n")
        sys.stdout.flush()


def _typed(arguments: list[str], more: dict[str, str]) -> tuple[object, str, str]:
    said, errors, before = io.StringIO(), io.StringIO(), dict(os.environ)
    os.environ.update(more)
    status: object = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(errors):
        try:
            _run(arguments)
        except SystemExit as ended:
            status = ended.code or 0
        finally:
            connections.close_all()
            os.environ.clear()
            os.environ.update(before)
    return status, said.getvalue(), errors.getvalue()


def _run(arguments: list[str]) -> None:
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__")
    else:
        execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main()
