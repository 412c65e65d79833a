from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gallery", "0005_change_in_parts"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="analysis", name="analysis_bill"),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("sent_at"), descending=True),
                models.F("operation"),
                models.F("features"),
                models.F("state"),
                models.F("cost_usd"),
                name="analysis_bill",
            ),
        ),
        migrations.AlterModelOptions(
            name="spending", options={"verbose_name": "month's bill", "verbose_name_plural": "bill by month"}
        ),
        migrations.AlterField(
            model_name="spending",
            name="calls",
            field=models.IntegerField(default=0, verbose_name="calls"),
        ),
        migrations.AlterField(
            model_name="spending",
            name="month",
            field=models.CharField(help_text="2024-06, in UTC", max_length=7, verbose_name="month"),
        ),
    ]
