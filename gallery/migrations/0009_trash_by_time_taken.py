from django.db import migrations, models


class Migration(migrations.Migration):
    """The trash is shown and searched like the timeline; nothing asks for it by the moment of its throwing away."""

    dependencies = [
        ("gallery", "0008_options_and_what_is_denied"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="photo", name="photo_trash"),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("taken_local"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="photo_trash",
                condition=models.Q(("trashed_at__isnull", False)),
            ),
        ),
    ]
