"""What acts on frameworks share for formulas: indicators that are computed from others and reported by nobody."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Count

from projects.choices import Measure
from projects.models import Indicator, Period, Project
from projects.queries.formulas import inputs_known
from projects.services.saving import keep_all
from projects.validators import check_formula, codes_in


def lock_framework(project: Project) -> None:
    """Lock a project's framework, so that two people can't close a circle of formulas at once."""
    Project.objects.select_for_update(no_key=True).filter(pk=project.pk).exists()


def refuse_wrong_formulas(project: Project, rows: Sequence[Indicator]) -> None:
    """Check the formulas of new or changed rows of one project, each against all others.

    Raises `ValidationError` with the sentences of all, under "formula"; of several rows each begins with its code.
    """
    if not any(one.measure == Measure.FORMULA for one in rows):
        return
    lock_framework(project)
    found = wrong_formulas(project, rows)
    if found and len(rows) > 1:
        raise ValidationError({"formula": [f"{row.code}: {one.message}" for row, errors in found for one in errors]})
    if found:
        raise ValidationError({"formula": found[0][1]})


def wrong_formulas(project: Project, rows: Sequence[Indicator]) -> list[tuple[Indicator, list[ValidationError]]]:
    """The rows whose formulas are wrong, with what is wrong, where all of them are (or are to be) in the project."""
    known = inputs_known(project, rows)
    found = []
    for row in rows:
        if row.measure == Measure.FORMULA:
            try:
                check_formula(row.code, row.formula, known)
            except ValidationError as error:
                found.append((row, error.error_dict["formula"]))
    return found


def periods_of_inputs(indicator: Indicator) -> list[Period]:
    """Give a new formula the periods of that of its inputs which has the fewest: the others may be put together.

    Other indicators get none here.
    """
    if indicator.measure != Measure.FORMULA:
        return []
    named = Indicator.objects.filter(project_id=indicator.project_id, code__in=codes_in(indicator.formula))
    first = named.annotate(count=Count("periods")).filter(count__gt=0).order_by("count", "pk").first()
    if first is None:
        return []
    spans = Period.objects.filter(indicator=first).order_by("starts_on", "pk")
    return keep_all([Period(indicator=indicator, starts_on=one.starts_on, ends_on=one.ends_on) for one in spans])
