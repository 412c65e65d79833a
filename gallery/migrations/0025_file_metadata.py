from django.db import migrations, models
from django.db.models import Q


def captions_were_written(apps, schema_editor):
    """Until now nobody but owners wrote any."""
    apps.get_model("gallery", "Photo").objects.exclude(caption="").update(caption_by_owner=True)


class Migration(migrations.Migration):
    """What files tell beside their picture. `rerender` fills it in for photos that are here already."""

    dependencies = [("gallery", "0024_photo_sha1")]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="caption_by_owner",
            field=models.BooleanField(
                default=False, editable=False, help_text="Its owner wrote the caption, or took it away."
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="exposure",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="exposure"),
        ),
        migrations.AddField(
            model_name="photo",
            name="kind",
            field=models.CharField(
                choices=[("still", "still picture"), ("animated", "Animated"), ("motion", "Motion photo")],
                default="still",
                editable=False,
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="rating",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="stars in the file"),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=["still", "animated", "motion"]), name="photo_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(0, 5)), name="photo_stars_to_five"
            ),
        ),
        migrations.RunPython(captions_were_written, migrations.RunPython.noop, elidable=True),
    ]
