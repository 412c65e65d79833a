from django.db import migrations, models

from gallery.folding import fold


def fold_cameras(apps, schema_editor):
    photos = apps.get_model("gallery", "Photo").objects
    named = photos.exclude(camera_make="", camera_model="").order_by()
    for make, model in named.values_list("camera_make", "camera_model").distinct():
        same = photos.filter(camera_make=make, camera_model=model)
        same.update(camera_folded=fold(f"{make} {model}"))


class Migration(migrations.Migration):
    """Cameras are found whatever the case and the accents, on both databases."""

    dependencies = [("gallery", "0010_text_in_one_piece")]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="camera_folded",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(fold_cameras, migrations.RunPython.noop, elidable=True),
    ]
