"""An ordinary user from the command line, verified, who can sign in at once."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import people


class Command(BaseCommand):
    help = "Adds an ordinary, verified user. The password comes from PHOTOSITE_PASSWORD or is asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address to sign in with")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            user = people.add(email, _password())
        except people.AddressTaken:
            raise CommandError(
                f"{people.normal(email)} has an account already. Choose another address, or reset its "
                "password on the sign-in page."
            ) from None
        except ValidationError as error:
            raise CommandError(f"No user was added. {' '.join(error.messages)}") from None
        self.stdout.write(f"{user.email} can sign in now.")


def _password() -> str:
    given = os.environ.get("PHOTOSITE_PASSWORD")
    if given is not None:
        return given
    try:
        first, second = getpass.getpass("Password: "), getpass.getpass("Password (again): ")
    except EOFError:
        raise CommandError(
            "No password: nobody is there to type it. Set PHOTOSITE_PASSWORD, or run this in a terminal."
        ) from None
    if first != second:
        raise CommandError("The two passwords differ. Run the command again and type the same one twice.")
    return first
