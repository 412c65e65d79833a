from django.db import migrations
from django.db.models import Q
from django.db.models.functions import Length

from gallery.folding import fold

SHORT = 11  # what is longer may have been cut: a character folds to up to eighteen


def fold_again(apps, schema_editor):
    model = {name: apps.get_model("gallery", name) for name in ("Photo", "PhotoText", "TextLine")}
    photos = model["Photo"].objects.annotate(name_length=Length("filename"), caption_length=Length("caption"))
    for photo in photos.filter(Q(name_length__gt=SHORT) | Q(caption_length__gt=SHORT)).iterator():
        lines = model["TextLine"].objects.filter(photo=photo).order_by("pk").values_list("text", flat=True)
        parts = [photo.filename, *photo.caption.splitlines(), *lines]
        model["PhotoText"].objects.filter(photo=photo).update(folded="\n".join(fold(part, 40_000) for part in parts))


class Migration(migrations.Migration):
    """Captions and file names are folded whole, so that a long phrase of them is found."""

    dependencies = [("gallery", "0009_trash_by_time_taken")]

    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop, elidable=True)]
