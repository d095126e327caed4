"""More ways to break down: the Washington Group's degrees and domains, town or country; "not stated" in each."""

from django.db import migrations

NOT_STATED = ("not_stated", "Not stated", "Δεν δηλώθηκε")
OTHER = ("other", "Other", "Άλλο")

# Washington Group Short Set on Functioning: six questions, four answers each; a person may have several difficulties.
DIMENSIONS = [
    (
        "difficulty",
        "Degree of difficulty (Washington Group)",
        "Βαθμός δυσκολίας (Washington Group)",
        True,
        [
            ("none", "No difficulty", "Καμία δυσκολία"),
            ("some", "Some difficulty", "Κάποια δυσκολία"),
            ("a_lot", "A lot of difficulty", "Μεγάλη δυσκολία"),
            ("cannot", "Cannot do at all", "Αδυναμία"),
            NOT_STATED,
        ],
    ),
    (
        "difficulty_domain",
        "Kind of difficulty (Washington Group)",
        "Είδος δυσκολίας (Washington Group)",
        False,
        [
            ("seeing", "Seeing", "Όραση"),
            ("hearing", "Hearing", "Ακοή"),
            ("walking", "Walking or climbing steps", "Βάδισμα ή σκάλες"),
            ("remembering", "Remembering or concentrating", "Μνήμη ή συγκέντρωση"),
            ("self_care", "Self-care", "Αυτοεξυπηρέτηση"),
            ("communicating", "Communicating", "Επικοινωνία"),
            NOT_STATED,
        ],
    ),
    (
        "area",
        "Town or country",
        "Αστική ή αγροτική περιοχή",
        True,
        [("urban", "Urban", "Αστική"), ("rural", "Rural", "Αγροτική"), OTHER, NOT_STATED],
    ),
]


def fill(apps, schema_editor):
    dimension, category = apps.get_model("projects", "Dimension"), apps.get_model("projects", "Category")
    for code, english, greek, is_exclusive, categories in DIMENSIONS:
        row, made = dimension.objects.get_or_create(
            code=code, defaults={"titles": {"en": english, "el": greek}, "is_exclusive": is_exclusive}
        )
        for order, (one, in_english, in_greek) in enumerate(categories if made else ()):
            category.objects.create(
                dimension=row, code=one, titles={"en": in_english, "el": in_greek}, order=order
            )


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_indicator_library")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
