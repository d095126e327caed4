import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kmop.shared.files


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_offer_places"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("actual", "stamp", models.BigIntegerField(default=0, editable=False)),
        migrations.AddField("obligation", "reminded_on", models.DateField(blank=True, editable=False, null=True)),
        migrations.DeleteModel("Evidence"),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("file", models.FileField(max_length=300, upload_to=kmop.shared.files.PathOf("evidence"))),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="projects.update"
                    ),
                ),
            ],
            options={"ordering": ["added_at", "id"]},
        ),
        migrations.CreateModel(
            name="LockException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(verbose_name="Open until")),
                ("reason", models.TextField(verbose_name="Reason")),
                ("given_at", models.DateTimeField(auto_now_add=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lock_exceptions",
                        to="projects.period",
                    ),
                ),
            ],
            options={
                "ordering": ["-given_at", "-id"],
                "indexes": [models.Index(fields=["period", "organisation"], name="lock_exception_period")],
            },
        ),
    ]
