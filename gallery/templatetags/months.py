"""The months of a library, to jump to: some hundred in a box that every first page has, so no template writes them."""

import functools
import itertools
from collections.abc import Mapping
from datetime import date
from html import escape

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def month_options(counts: Mapping[str, int], chosen: str) -> SafeString:
    """`counts`: photos by "2024-06", newest first; `chosen`: one of these, or ""."""
    by_year = itertools.groupby(counts.items(), key=lambda month: month[0][:4])
    groups = (
        f'<optgroup label="{year}">{_options(dict(months), chosen)}</optgroup>' for year, months in by_year
    )
    return mark_safe("".join(groups))  # noqa: S308 - keys and counts come from dates and integers, names are escaped


def _options(counts: Mapping[str, int], chosen: str) -> str:
    language = get_language() or ""
    rows = ((key, " selected" if key == chosen else "", count) for key, count in counts.items())
    return "".join(
        f'<option value="{key}"{selected}>{escape(_written(language, key))} ({count})</option>'
        for key, selected, count in rows
    )


def month_name(key: str) -> str:
    """Of "2024-06", as this language writes a month of a year."""
    return _written(get_language() or "", key)


@functools.lru_cache(maxsize=10_000)
def _written(language: str, key: str) -> str:
    return date_format(date(int(key[:4]), int(key[5:]), 1), "YEAR_MONTH_FORMAT")
