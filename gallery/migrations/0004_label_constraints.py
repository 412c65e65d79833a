from django.db import migrations, models


class Migration(migrations.Migration):
    """Once every row is filled."""

    dependencies = [
        ("gallery", "0003_fill_what_searches_read"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='detection',
            constraint=models.CheckConstraint(condition=models.Q(('confidence', None), ('confidence__range', (0, 100)), _connector='OR'), name='detection_confidence_in_range'),
        ),
        migrations.AddConstraint(
            model_name='detection',
            constraint=models.CheckConstraint(condition=models.Q(('certainty', -1), ('certainty__range', (0, 101)), _connector='OR'), name='detection_certainty_in_range'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(models.F('folded'), models.F('kind'), name='label_name_once_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.CheckConstraint(condition=models.Q(('folded', ''), _negated=True), name='label_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['label', 'category', 'celebrity', 'moderation'])), name='label_kind_known'),
        ),
    ]
