"""What was spent in a month, for the whole site and for each user: what a budget is compared with."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Spending(models.Model):
    """Moved in the transaction that writes, or refunds, an Analysis. `scope`: a user's id in hex; "" for the site.

    Whole millionths of a dollar: sums of fractions would not meet a budget exactly.
    """

    scope = models.CharField(max_length=32, blank=True)
    month = models.CharField(_("month"), max_length=7, help_text=_("2024-06, in UTC"))
    calls = models.IntegerField(_("calls"), default=0)
    micro_usd = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("month's bill")
        verbose_name_plural = _("bill by month")
        constraints = [
            models.UniqueConstraint(F("scope"), F("month"), name="spending_summed_once"),
            models.CheckConstraint(condition=Q(micro_usd__gte=0, calls__gte=0), name="spending_not_negative"),
        ]
        indexes = [
            models.Index(F("month").desc(), F("micro_usd").desc(), F("id").desc(), name="spending_highest")
        ]

    def __str__(self) -> str:
        return f"{self.scope or 'site'} {self.month}: {self.micro_usd}"
