from django.apps import AppConfig

from photosite.celery import app as celery_app


class PhotositeConfig(AppConfig):
    """Loading the project loads its Celery app, so that every process can say that there is work."""

    name = "photosite"
    celery = celery_app
