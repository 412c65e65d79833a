from django.http import HttpRequest
def shown_links(request: HttpRequest) -> dict[str, object]:
    return {}
