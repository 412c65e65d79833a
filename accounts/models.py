"""Who somebody is: the user who signs in with an email address, and the tokens of their programs."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.preferences import check_language, check_time_zone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with a hashed password; without one, an account that can only be opened by a reset."""
        if not email:
            raise ValueError("a user needs an email address")
        user = self.model(email=self.normalize_email(email).strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Signs in with an email address. Staff may open the admin; on pages and in the API they see only their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email address"), unique=True)
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May open the admin."))
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    quota_bytes = models.PositiveBigIntegerField(
        _("quota"), null=True, blank=True, help_text=_("Bytes; empty for the site's default.")
    )
    # Both are moved only by accounts.quota, with conditional updates.
    used_bytes = models.PositiveBigIntegerField(_("used bytes"), default=0, editable=False)
    reserved_bytes = models.PositiveBigIntegerField(_("reserved bytes"), default=0, editable=False)
    budget_usd = models.DecimalField(
        _("monthly budget in US dollars"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Stop for this user's paid calls; empty: only the site's own budget counts."),
    )
    analyse = models.BooleanField(
        _("label my photos"),
        default=True,
        help_text=_(
            "Send photos to the site's image recognition. Off: photos are kept and shown without labels."
        ),
    )

    # Not `choices`: which languages and time zones there are is the machine's matter, not the table's.
    language = models.CharField(
        _("language"), max_length=16, blank=True, validators=[check_language],
        help_text=_("A code such as de; empty: what the browser asks for."),
    )  # fmt: skip
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[check_time_zone],
        help_text=_("A name such as Europe/Berlin; empty: the site's."),
    )  # fmt: skip
    scheme = models.CharField(
        _("colours"), max_length=5, blank=True, choices=[("light", _("Light")), ("dark", _("Dark"))]
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_case"),
            models.CheckConstraint(
                condition=models.Q(budget_usd=None) | models.Q(budget_usd__gte=0),
                name="user_budget_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(scheme__in=["", "light", "dark"]), name="user_scheme_known"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def quota(self) -> int:
        """Bytes this user may keep."""
        return settings.QUOTA_BYTES if self.quota_bytes is None else self.quota_bytes


class ApiToken(models.Model):
    """Lets a program act as its user. Only the SHA-256 is kept: the token itself is shown once."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope, default=Scope.WRITE)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=["read", "write"]), name="api_token_scope_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.scope})"
