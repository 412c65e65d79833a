"""Becomes one process of the site, on a machine or in a container of its own. deploy/compose.yaml is made of these."""

import os
import socket
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from photosite import ask, processes
from photosite.celery import app
from photosite.processes import Program

_PATIENCE_SECONDS: Final = 15


class Command(BaseCommand):
    help = "Becomes one process of the site, as `make run` starts it. With --healthy: asks the one on this machine."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=processes.parts())
        parser.add_argument("--healthy", action="store_true", help="exit with 0 if it answers, else with 1")

    def handle(self, *args: Any, **options: Any) -> None:
        program = processes.parts()[options["name"]]
        if not options["healthy"]:
            os.chdir(program.folder)
            os.execve(program.command[0], program.command, processes.environment(program))
        if not _answers(program):
            raise CommandError(f"{program.name} does not answer.")


def _answers(program: Program) -> bool:
    if program.node:
        name = f"{program.node}@{socket.gethostname()}"
        return bool(app.control.ping(destination=[name], timeout=_PATIENCE_SECONDS))
    if program.name == "web":
        return ask.site("/healthz")[0] == 200
    raise CommandError(f"Nobody can ask {program.name}: it runs as long as its process does.")
