"""The rooms."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """As ``manage.py makemigrations`` wrote it."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session", models.CharField(max_length=64, unique=True)),
                ("room", models.CharField(max_length=100)),
                ("reports", models.PositiveIntegerField(default=0)),
            ],
            options={"permissions": [("see_all_sessions", "Can see all sessions")]},
        ),
    ]
