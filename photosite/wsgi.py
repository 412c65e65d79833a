"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from gallery import tally

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "photosite.settings")
application = get_wsgi_application()
tally.start()
