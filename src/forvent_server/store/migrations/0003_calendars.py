"""Calendars, whose working time promises may count; masking; when an episode became another."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0002_search"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="business",
            name="calendar",
        ),
        migrations.AddField(
            model_name="business",
            name="mask",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="episode",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hours", models.JSONField()),
                ("zone", models.CharField(max_length=64)),
                ("holidays", models.CharField(blank=True, default="", max_length=32)),
                ("days", models.JSONField(default=list)),
                ("clock", models.CharField(default="wall", max_length=16)),
                ("clocks", models.JSONField(default=list)),
                ("for_all", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
    ]
