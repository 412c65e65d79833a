"""What every row of somebody's has in common: it is seen by its owner and by nobody else."""

from typing import Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User

Row = TypeVar("Row", bound=models.Model, covariant=True)


class OwnedQuerySet(models.QuerySet[Row]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows this user may see: their own. Being staff or superuser changes nothing here."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()
