"""Parts of a page that are the same for everybody, written once for each language and then kept as text.

The frame of a page has some hundred translated words and icons; written anew they cost more than its photos
(docs/decisions/0022).
"""

from typing import Any, Final

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

register = template.Library()
_END: Final = "endkept"


class NotNamedError(template.TemplateSyntaxError):
    """What is kept is shown to everybody: it may know nothing of who asks."""


@register.tag
def kept(parser: Parser, token: Token) -> "Kept":
    """`{% kept NAME … %}…{% endkept %}`: knows the named variables and nothing else of the page.

    Their values must be few over the life of a process, such as the name of a view: a text is kept for each.
    """
    names = token.split_contents()[1:]
    body = parser.parse([_END])
    parser.delete_first_token()
    return Kept({name: parser.compile_filter(name) for name in names}, body)


class Kept(template.Node):
    def __init__(self, named: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.named = named
        self.nodelist = nodelist
        self.texts: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        values = {name: wanted.resolve(context) for name, wanted in self.named.items()}
        key = (get_language(), *values.values())
        if (text := self.texts.get(key)) is None:
            text = self.texts[key] = self._written(_Alone(values, context))
        return text

    def _written(self, alone: "_Alone") -> str:
        text = self.nodelist.render(alone)
        if alone.unnamed:
            names = ", ".join(sorted(alone.unnamed))
            raise NotNamedError(
                f"{{% kept %}} knows nothing of {names}: name it after the tag, if its values are few"
            )
        return text


class _Alone(Context):
    """Remembers what was asked for and is not named: a template writes nothing for it, an `{% if %}` says no."""

    def __init__(self, values: dict[str, Any], around: Context) -> None:
        super().__init__(values, autoescape=around.autoescape)
        self.template = around.template
        self.unnamed: set[str] = set()

    def __getitem__(self, key: Any) -> Any:
        if key not in self:
            self.unnamed.add(key)
        return super().__getitem__(key)

    def get(self, key: Any, otherwise: Any = None) -> Any:
        if key not in self:
            self.unnamed.add(key)
        return super().get(key, otherwise)
