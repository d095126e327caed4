from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("user", "search_text", models.CharField(blank=True, editable=False, max_length=500)),
    ]
