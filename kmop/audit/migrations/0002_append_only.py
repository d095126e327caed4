from django.db import migrations

from kmop.audit.migrations._triggers import drop_triggers, make_triggers


def make(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        apps.get_model("audit", "Head").objects.get_or_create(pk=1)
        make_triggers(schema_editor.connection)


def drop(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        drop_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
