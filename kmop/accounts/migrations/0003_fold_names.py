from django.db import migrations

from kmop.shared.text import fold


def fold_names(apps, schema_editor):
    """Users made before could not be found by words."""
    for user in apps.get_model("accounts", "User").objects.filter(search_text=""):
        user.search_text = fold(user.name, user.email)
        user.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_search_text")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
