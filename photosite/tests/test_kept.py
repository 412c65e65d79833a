"""What of a page is kept as text: the same for everybody, in the language of each."""

from collections.abc import Callable
from typing import Any

import pytest
from django.template import Context, engines
from django.test import RequestFactory
from django.utils import translation

from photosite.templatetags.kept import NotNamedError


def _written(text: str, language: str = "en", **values: object) -> str:
    return _page(text)(language, **values)


def _page(text: str) -> Callable[..., str]:
    django: Any = engines["django"]
    page = django.from_string("{% load i18n kept %}" + text)

    def written(language: str, **values: object) -> str:
        with translation.override(language):
            return str(page.render(values, RequestFactory().get("/")))

    return written


def test_each_language_has_its_text() -> None:
    page = _page("{% kept %}{% translate 'Photos' %}{% endkept %}")
    assert [page("en"), page("de"), page("en")] == ["Photos", "Fotos", "Photos"]


def test_each_value_that_is_named_has_its_text() -> None:
    page = _page("{% kept here %}{% if here == 'trash' %}gone{% else %}{{ here }}{% endif %}{% endkept %}")
    assert [page("en", here=here) for here in ("a&b", "trash", "home", "trash")] == [
        "a&amp;b",
        "gone",
        "home",
        "gone",
    ]


def test_it_is_written_once() -> None:
    page = _page("{% kept %}{% for one in 'ab' %}{{ forloop.counter }}{% endfor %}{% endkept %}{{ each }}")
    assert [page("en", each=each) for each in "xyz"] == ["12x", "12y", "12z"]


@pytest.mark.parametrize(
    "part",
    [
        "{{ user.email }}",
        "{% if user.is_staff %}yes{% endif %}",
        "{% if here == 'trash' %}yes{% endif %}",
        "{% csrf_token %}",
        "{% include 'components/pager.html' %}",
        "{% with mail=user.email %}{{ mail }}{% endwith %}",
        "{% blocktranslate with email=user.email %}For {{ email }}{% endblocktranslate %}",
        "{{ request.path }}",
    ],
)
def test_what_one_person_only_may_see_cannot_be_kept(part: str) -> None:
    with pytest.raises(NotNamedError, match="name it after the tag"):
        _written(f"{{% kept %}}{part}{{% endkept %}}", user=Context(), here="trash", csrf_token="secret")


def test_what_failed_once_is_not_kept() -> None:
    page = _page("{% kept %}{{ who }}{% endkept %}")
    for _ in range(2):
        with pytest.raises(NotNamedError):
            page("en", who="me")
