"""`python -m translating [LANGUAGE …]`: brings the catalogs in locale/ up to date and says what is to be translated."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "photosite.settings")
django.setup()

from translating import catalogs  # noqa: E402 - the sources are read with Django's settings
from translating.sources import messages  # noqa: E402

found, left = messages(), 0
for language in sorted({*catalogs.languages(), *sys.argv[1:]}):
    faults = list(catalogs.faults(catalogs.update(language, found)))
    sys.stdout.writelines(f"{language}: {fault}\n" for fault in faults)
    left += len(faults)
sys.stdout.write(f"{len(found)} messages, {left} to be seen to\n")
sys.exit(1 if left else 0)
