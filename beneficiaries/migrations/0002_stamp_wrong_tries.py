from django.db import migrations


class Migration(migrations.Migration):
    """A receipt's lock follows from the wrong tries and the time of the last one, so that one UPDATE counts them."""

    dependencies = [("beneficiaries", "0001_initial")]

    operations = [
        migrations.RenameField(model_name="receipt", old_name="locked_until", new_name="tried_at"),
        migrations.AlterModelOptions(name="sensitivereport", options={"ordering": ["-received_at", "id"]}),
    ]
