"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "photosite.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # all pages are loaded now, and not while the first visitor waits
