"""Makes the embedded bucket, waits until the site answers, and says where it is."""

import json
import math
import time
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from gallery.bucket import BucketTrouble, make_bucket
from photosite import ask

_PATIENCE_SECONDS: Final = 60


class Command(BaseCommand):
    help = "Waits until the site is ready, then prints its address. Part of `make run`."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if down := self._wait(_PATIENCE_SECONDS):
            logs = f"{settings.DATA_DIR}/logs"
            self.stdout.write(
                f"Not ready after {_PATIENCE_SECONDS} s, still waiting for {', '.join(down)}. See {logs}"
            )
            self.stdout.flush()
            self._wait(math.inf)
        self.stdout.write(f"\n  Photosite is running: {settings.PUBLIC_URL}\n")
        self.stdout.write(f"  {how_to_sign_in()}\n")
        self.stdout.write(f"  Data: {settings.DATA_DIR}   Logs: {settings.DATA_DIR}/logs   Stop: Ctrl-C\n\n")

    def _wait(self, seconds: float) -> list[str]:
        """The parts that are still down after `seconds`; none as soon as all answer."""
        deadline = time.monotonic() + seconds
        down = ["web"]
        made = not settings.EMBEDDED_S3
        while down and time.monotonic() < deadline:
            made = made or _made_bucket()
            down = _down()
            if down:
                time.sleep(0.2)
        return down


def how_to_sign_in() -> str:
    if not get_user_model().objects.exists():
        return f"Sign up at {settings.PUBLIC_URL}/accounts/signup/ (no mail server needed: the page shows the link)."
    return f"Sign in at {settings.PUBLIC_URL}/accounts/login/"


def _made_bucket() -> bool:
    try:
        make_bucket()
    except BucketTrouble:
        return False
    return True


def _down() -> list[str]:
    """The parts that do not answer yet, by asking the site itself as a browser would."""
    try:
        _status, body = ask.site("/readyz")
        parts = json.loads(body)["parts"]
    except (OSError, ValueError, KeyError):
        return ["web"]
    return [name for name, state in parts.items() if state == "down"]
