"""Starts the whole site on this machine in the foreground and becomes its supervisor."""

import os
import shutil
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from gallery.bucket import start_problems
from photosite import processes, runfile, statics, supervise
from photosite.localaws import s3


class Command(BaseCommand):
    help = "Starts the whole site in the foreground: S3, queue, recogniser, web, workers, scheduler."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        held = supervise.lock(settings.DATA_DIR)
        if held is None:
            raise CommandError(
                f"A site is already running on {settings.DATA_DIR}. Stop it first, or set PHOTOSITE_DATA_DIR and "
                "PHOTOSITE_PORT to run a second one."
            )
        refuse_what_cannot_work()
        refuse_an_account_that_is_not_ready()
        call_command("migrate", interactive=False, verbosity=0)
        statics.collect_if_changed()
        processes.prepare()
        s3.remove_sockets(settings.RUN)
        self.stdout.write("Starting Photosite … (Ctrl-C stops everything)")
        self.stdout.flush()
        held.close()  # the supervisor takes it again at once
        os.execv(sys.executable, [sys.executable, "-m", "photosite.supervise", str(settings.DATA_DIR)])


def refuse_what_cannot_work() -> None:
    """Stops with one line that names the cause and the cure."""
    if shutil.which("setpriv") is None:
        raise CommandError(
            "setpriv is missing (Debian's package util-linux has it): `apt-get install util-linux`"
        )
    if not runfile.is_free(settings.PORT, settings.HOST):
        raise CommandError(
            f"Port {settings.PORT} on {settings.HOST} is taken by another program. "
            "Set PHOTOSITE_PORT to a free one, for example PHOTOSITE_PORT=8001 make run"
        )
    taken = [f"{name} {port}" for name, port in embedded_ports().items() if not runfile.is_free(port)]
    if taken:
        raise CommandError(
            f"Taken by another program: {', '.join(taken)}. Stop that program, or change the number under "
            f'"ports" in {settings.DATA_DIR / "run.json"}'
        )


def refuse_an_account_that_is_not_ready() -> None:
    """With PHOTOSITE_AWS=1: bucket, region and permissions are tried now, not with somebody's first photo."""
    problems = start_problems()
    if problems:
        lines = "\n".join(f"  {problem.what} {problem.cure}" for problem in problems)
        raise CommandError(f"The AWS account is not ready:\n{lines}\nTry again with `manage.py check_aws`.")


def embedded_ports() -> dict[str, int]:
    """The ports that this start will listen on, by the name they have in run.json."""
    wanted = [
        name
        for name in settings.RUN.ports
        if (settings.EMBEDDED_S3 and name.startswith("s3"))
        or (settings.EMBEDDED_QUEUE and name == "queue")
        or (settings.EMBEDDED_RECOGNISER and name == "recogniser")
    ]
    return {name: settings.RUN.ports[name] for name in wanted}
