"""People who have an account and are signed in, for tests that are not about how one gets there.

Run with the settings of a site: `python -m tests.browser.people COUNT` makes them and prints an address and its
session's cookie each; with an address in place of the count it is of somebody who is there.
"""

import sys
import uuid
from collections.abc import Iterator
from unittest.mock import patch

import django
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

django.setup()

from accounts import people  # noqa: E402 - settings come first
from accounts.models import User  # noqa: E402
from tests.site.running import PASSWORD  # noqa: E402


def signed_in(user: User) -> str:
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(user)
    return f"{user.email} {name} {client.cookies[name].value}"


def wanted(which: str) -> Iterator[User]:
    if not which.isdecimal():
        yield User.objects.get(email=which)
        return
    for _ in range(int(which)):
        yield people.add(f"{uuid.uuid4().hex[:12]}@example.org", PASSWORD)


if __name__ == "__main__":
    # Slow on purpose, where somebody might guess. The site hashes such a password anew at the next sign-in, which ends
    # all sessions of its user: so it is for these people alone, and not for whom this process makes later.
    with patch.multiple(Argon2PasswordHasher, time_cost=1, memory_cost=64):
        for user in wanted(sys.argv[1]):
            sys.stdout.write(f"{signed_in(user)}\n")
