"""A token for a user's programs. Only the token is printed, so that a script can take it as it is."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import people, tokens
from accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Prints a new API token of a user. It is shown this once; only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose token")
        parser.add_argument("--scope", choices=ApiToken.Scope.values, default=ApiToken.Scope.WRITE.value)
        parser.add_argument("--name", default="command line", help="what it is for, as the user will read it")

    def handle(self, *args: Any, email: str, scope: str, name: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=people.normal(email), is_active=True).first()
        if user is None:
            raise CommandError(
                f"Nobody active signs in as {people.normal(email)}. Check the address, or add them: "
                f"manage.py add_user {people.normal(email)}"
            )
        self.stdout.write(tokens.issue(user, name[:100], scope))
