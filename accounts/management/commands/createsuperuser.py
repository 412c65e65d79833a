"""Django's createsuperuser, whose user can sign in at once: the address counts as confirmed."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from accounts import people


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        people.verify_superusers()
