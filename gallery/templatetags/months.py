"""The months of a library, to jump to: some hundred in a box that every first page has, so no template writes them."""

import functools
import itertools
from collections.abc import Mapping
from datetime import date
from typing import Final

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
_ANY: Final = 2000
_SELECTED: Final = SafeString(" selected")


@register.simple_tag
def month_options(counts: Mapping[str, int], chosen: str) -> SafeString:
    """`counts`: photos by "2024-06", newest first; `chosen`: one of these, or ""."""
    by_year = itertools.groupby(counts.items(), key=lambda month: month[0][:4])
    groups = ((year, _options(dict(months), chosen)) for year, months in by_year)
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


def _options(counts: Mapping[str, int], chosen: str) -> SafeString:
    rows = (
        (key, _SELECTED if key == chosen else "", month_name(key), count) for key, count in counts.items()
    )
    return format_html_join("", '<option value="{}"{}>{} ({})</option>', rows)


def month_name(key: str) -> str:
    """Of "2024-06", as this language writes a month of a year."""
    return _written(get_language() or "", int(key[5:])).replace(str(_ANY), key[:4])


@functools.cache
def _written(language: str, month: int) -> str:
    return date_format(date(_ANY, month, 1), "YEAR_MONTH_FORMAT")
