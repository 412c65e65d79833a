"""What templates ask about accounts as such, not about one of them."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def signup_mode() -> str:
    """open, invite or closed."""
    return settings.SIGNUP
