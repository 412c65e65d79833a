"""What a call costs. The table is a setting, dated there; AWS bills each operation on each image on its own."""

from decimal import Decimal

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

MICRO = 1_000_000


def price_usd(*operations: str) -> Decimal:
    """US dollars for these operations and priced options on one image. Raises KeyError for one without a price."""
    return sum((settings.REKOGNITION_PRICES[operation] for operation in operations), Decimal(0))


def micro_usd(amount: Decimal) -> int:
    """Whole millionths of a US dollar: no price and no budget is finer."""
    return int(amount * MICRO)


def usd(micro: int) -> Decimal:
    """US dollars, exactly, of whole millionths."""
    return Decimal(micro) / MICRO


def dollars(amount: Decimal) -> str:
    """ "$5.00", "$0.05", and "$0.00175" where cents are too coarse: as the reader's language writes it."""
    digits = max(len(f"{amount.normalize():f}".partition(".")[2]), 2)
    return _("$%(amount)s") % {"amount": number_format(amount, digits, force_grouping=True)}
