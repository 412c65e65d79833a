import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q

# As gallery/likeness.py has them.
BANDS, BAND = (0, 16, 32, 48), 65535


def like(shift: int) -> migrations.AddIndex:
    return migrations.AddIndex(
        model_name="photo",
        index=models.Index(
            F("owner"),
            F("phash").bitrightshift(shift).bitand(BAND),
            name=f"photo_like_{shift}",
            condition=Q(phash__isnull=False),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("gallery", "0026_run_anew"),
    ]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="phash",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="photo",
            name="compared_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When it was put beside what looks like it; empty: to do.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="alike",
            field=models.UUIDField(
                editable=False, help_text="The same for photos that look alike, until told apart.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=Q(phash=None) | Q(phash__gte=0), name="photo_phash_of_63_bits"
            ),
        ),
        *map(like, BANDS),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=Q(alike__isnull=False),
                fields=["owner", "alike", "trashed_at", "taken_local"],
                name="photo_alike",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(F("id"), condition=Q(compared_at=None), name="photo_to_compare"),
        ),
        migrations.CreateModel(
            name="Apart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "photo",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="gallery.photo",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="gallery.photo"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("photo", "other"), name="apart_said_once"),
                    models.CheckConstraint(
                        condition=Q(("photo__lt", F("other"))), name="apart_in_order_of_keys"
                    ),
                ],
            },
        ),
    ]
