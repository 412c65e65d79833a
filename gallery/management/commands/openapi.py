"""Prints the API's OpenAPI document."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from gallery.api.version1 import api


class Command(BaseCommand):
    help = "Prints the OpenAPI document of the API: `manage.py openapi > docs/api/openapi.json` after a change to it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(api.get_openapi_schema(), indent=2, ensure_ascii=False))
