"""How an amount is written."""

from decimal import Decimal

from django import template

from gallery.labelling import prices

register = template.Library()


@register.filter
def dollars(amount: Decimal) -> str:
    """ "$0.05", and "$0.00175" where cents are too coarse."""
    return prices.dollars(amount)
