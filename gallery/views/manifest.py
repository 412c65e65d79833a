"""What a browser is told that installs the site as an app: its name, its icons, and where to go at once."""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    places = {
        "upload": _("Upload"),
        "search": _("Search"),
        "favourites": _("Favourites"),
        "albums": _("Albums"),
    }
    told = {
        "id": "/",
        "name": "Photosite",
        "description": _("Your photos, kept as they are, found by what is on them."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": "#fdfcfb",
        "background_color": "#fdfcfb",
        "icons": [
            _icon("icon-192.png", 192, "any"),
            _icon("icon-512.png", 512, "any"),
            _icon("maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [{"name": name, "url": reverse(place)} for place, name in places.items()],
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _icon(name: str, side: int, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"icons/{name}"),
        "sizes": f"{side}x{side}",
        "type": "image/png",
        "purpose": purpose,
    }
