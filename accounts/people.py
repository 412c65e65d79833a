"""People who come by commands or the admin, not by the sign-up page. Their address counts as confirmed."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User


class AddressTaken(Exception):
    """Somebody has an account with this address already."""


def normal(email: str) -> str:
    """An address as it is stored: lowered as a whole, because nobody types it in the same case twice."""
    return email.strip().lower()


def add(email: str, password: str) -> User:
    """A verified, ordinary user who may sign in at once. Raises ValidationError or AddressTaken."""
    email = normal(email)
    validate_email(email)
    if User.objects.filter(email__iexact=email).exists() or EmailAddress.objects.filter(email=email).exists():
        raise AddressTaken(email)
    validate_password(password, User(email=email))
    with transaction.atomic():
        user = User.objects.create_user(email, password)
        verify(user)
    return user


def verify(user: User) -> None:
    """Marks a user's address as confirmed. Convergent."""
    EmailAddress.objects.update_or_create(
        user=user, email=normal(user.email), defaults={"verified": True, "primary": True}
    )


def verify_superusers() -> None:
    """Superusers come from the command line, where nobody could click a link in a mail."""
    for user in User.objects.filter(is_superuser=True, emailaddress__isnull=True):
        verify(user)
