"""What a call costs. The table is a setting, dated there; AWS bills each operation on each image on its own."""

from decimal import Decimal

from django.conf import settings


def price_usd(*operations: str) -> Decimal:
    """US dollars for these operations on one image. Raises KeyError for one that has no price."""
    return sum((settings.REKOGNITION_PRICES[operation] for operation in operations), Decimal(0))
