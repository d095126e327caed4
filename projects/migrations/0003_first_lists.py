"""The lists to begin with: nine focus areas, the regions of Greece, the common ways to break figures down."""

import unicodedata

from django.db import migrations

FOCUS_AREAS = [
    ("social-cohesion", "Social cohesion and employment", "Κοινωνική συνοχή και απασχόληση"),
    ("human-rights", "Human rights and anti-trafficking", "Ανθρώπινα δικαιώματα και καταπολέμηση της εμπορίας ανθρώπων"),
    ("gender-equality", "Gender equality", "Ισότητα των φύλων"),
    ("migration", "Migration and asylum", "Μετανάστευση και άσυλο"),
    ("children-youth", "Children, youth and families", "Παιδιά, νέοι και οικογένειες"),
    ("older-people", "Older people and care", "Ηλικιωμένοι και φροντίδα"),
    ("health", "Health and mental health", "Υγεία και ψυχική υγεία"),
    ("education", "Education and skills", "Εκπαίδευση και δεξιότητες"),
    ("governance", "Social policy and good governance", "Κοινωνική πολιτική και χρηστή διακυβέρνηση"),
]

# ISO 3166-2:GR: thirteen regions and Mount Athos; the local name, the Greek short form is the same, then English.
REGIONS = [
    ("GR-69", "Άγιον Όρος", "Mount Athos"),
    ("GR-A", "Ανατολική Μακεδονία και Θράκη", "Eastern Macedonia and Thrace"),
    ("GR-B", "Κεντρική Μακεδονία", "Central Macedonia"),
    ("GR-C", "Δυτική Μακεδονία", "Western Macedonia"),
    ("GR-D", "Ήπειρος", "Epirus"),
    ("GR-E", "Θεσσαλία", "Thessaly"),
    ("GR-F", "Ιόνια Νησιά", "Ionian Islands"),
    ("GR-G", "Δυτική Ελλάδα", "Western Greece"),
    ("GR-H", "Στερεά Ελλάδα", "Central Greece"),
    ("GR-I", "Αττική", "Attica"),
    ("GR-J", "Πελοπόννησος", "Peloponnese"),
    ("GR-K", "Βόρειο Αιγαίο", "North Aegean"),
    ("GR-L", "Νότιο Αιγαίο", "South Aegean"),
    ("GR-M", "Κρήτη", "Crete"),
]

NOT_STATED = ("not_stated", "Not stated", "Δεν δηλώθηκε")
BANDS = ["0-5", "6-14", "15-17", "18-24", "25-29", "30-54", "55-59", "60-64", "65+"]
DIMENSIONS = [
    (
        "sex",
        "Sex",
        "Φύλο",
        ["gender"],
        [("female", "Female", "Γυναίκες"), ("male", "Male", "Άνδρες"), ("other", "Other", "Άλλο"), NOT_STATED],
    ),
    ("age", "Age", "Ηλικία", ["age group"], [*((band, band, band) for band in BANDS), NOT_STATED]),
    (
        "disability",
        "Disability",
        "Αναπηρία",
        ["disability status"],
        [("with", "With disability", "Με αναπηρία"), ("without", "Without disability", "Χωρίς αναπηρία"), NOT_STATED],
    ),
    (
        "migration",
        "Migration status",
        "Μεταναστευτικό καθεστώς",
        ["migration status", "legal status"],
        [
            ("national", "National", "Πολίτες της χώρας"),
            ("asylum_seeker", "Asylum seeker", "Αιτούντες άσυλο"),
            ("refugee", "Recognised refugee", "Αναγνωρισμένοι πρόσφυγες"),
            ("migrant", "Migrant", "Μετανάστες"),
            ("other", "Other", "Άλλο"),
            NOT_STATED,
        ],
    ),
]


def folded(*texts):
    parts = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def fill(apps, schema_editor):
    focus_area, place = apps.get_model("projects", "FocusArea"), apps.get_model("projects", "Place")
    dimension, category = apps.get_model("projects", "Dimension"), apps.get_model("projects", "Category")
    for order, (code, english, greek) in enumerate(FOCUS_AREAS):
        focus_area.objects.get_or_create(code=code, defaults={"titles": {"en": english, "el": greek}, "order": order})
    for code, local, english in REGIONS:
        values = {"name": local, "names": {"en": english, "el": local}, "level": "region", "country": "GR"}
        place.objects.get_or_create(code=code, defaults={**values, "search_text": folded(code, local, english)})
    for code, english, greek, aliases, categories in DIMENSIONS:
        row, _made = dimension.objects.get_or_create(
            code=code, defaults={"titles": {"en": english, "el": greek}, "aliases": aliases}
        )
        for order, (one, in_english, in_greek) in enumerate(categories):
            category.objects.get_or_create(
                dimension=row, code=one, defaults={"titles": {"en": in_english, "el": in_greek}, "order": order}
            )


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_stamp_locks_evidence")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
