"""The queue. Messages only say that there is work; gallery.pipeline decides from the rows which."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "photosite.settings")
app = Celery("photosite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["gallery", "gallery.imports"])
