"""The first version of each indicator that is there: as it is defined now, by nobody."""

from itertools import islice

from django.db import migrations

FACTS = (
    "result_id", "titles", "definitions", "units", "measure", "direction", "is_cumulative", "is_share",
    "across_partners", "across_time", "scale_minimum", "scale_maximum", "decimals", "is_active",
)
BATCH = 1000


def plain(value):
    return value if value is None or isinstance(value, str | int | bool | dict) else str(value)


def snapshot(row, dimensions):
    facts = {name.removesuffix("_id"): plain(getattr(row, name)) for name in FACTS}
    return {"facts": facts, "dimensions": sorted(one.code for one in dimensions), "mappings": []}


def keep(apps, editor):
    Indicator = apps.get_model("projects", "Indicator")
    Version = apps.get_model("projects", "IndicatorVersion")
    rows = Indicator.objects.order_by("pk").prefetch_related("dimensions").iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        Version.objects.bulk_create(
            [
                Version(indicator=row, number=1, snapshot=snapshot(row, row.dimensions.all()), at=row.created_at)
                for row in batch
            ],
        )


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_definition_versions")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
