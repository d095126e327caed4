"""From what was asked in words to what a report is made of."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.shared.access import require
from partners.models import Organisation
from projects.models import Project
from reports import validators
from reports.catalogue.registry import Order, Parameter, Report, Takes, report_of
from reports.models import Run
from reports.validators import LANGUAGE


def read_order(*, report: Report, params: Mapping[str, Any], by: User) -> Order:
    """The order of a report: codes or ids become rows that `by` may see, days become dates, the rest its default.

    Raises `ValidationError` keyed by the parameters' names, and `NotAllowed` by the report's rule.
    """
    given = {name: value for name, value in params.items() if value not in (None, "")}
    validators.parameters_are_known(given, [*(each.name for each in report.parameters), LANGUAGE])
    missing = [each for each in report.parameters if each.is_required and each.name not in given]
    if missing:
        raise ValidationError({each.name: ValidationError(_("This is needed."), code="required") for each in missing})
    language = str(given.get(LANGUAGE) or by.language)
    validators.language_is_offered(language)
    values = {each.name: _value(each, given[each.name], by) for each in report.parameters if each.name in given}
    order = Order(
        as_of=values.get("as_of") or timezone.localdate(),
        language=language,
        by=by,
        project=values.get("project"),
        organisation=values.get("organisation"),
    )
    require(by, report.rule, order)
    return order


def _value(parameter: Parameter, given: Any, by: User) -> Any:
    if parameter.takes == Takes.DAY:
        return validators.day_of(given, name=parameter.name)
    rows = (Project if parameter.takes == Takes.PROJECT else Organisation).objects.visible_to(by)
    found = _with_code_or_id(rows, str(given).strip())
    if found is None:
        raise ValidationError(
            {parameter.name: ValidationError(_("There is no such one that you may see."), code="unknown")}
        )
    return found


def _with_code_or_id(rows: QuerySet[Any], given: str) -> Any:
    wanted = Q(code=given)
    if given.isascii() and given.isdigit() and len(given) < 19:
        wanted |= Q(pk=int(given))
    return rows.filter(wanted).order_by("-code").first()


def kept_params(order: Order) -> dict[str, str]:
    """The order as it is kept with its run, so that the same can be asked for again."""
    kept = {"as_of": order.as_of.isoformat(), LANGUAGE: order.language}
    if order.project is not None:
        kept["project"] = order.project.code
    if order.organisation is not None:
        kept["organisation"] = order.organisation.code
    return kept


def order_of(run: Run) -> tuple[Report, Order]:
    """The report and the order of a run, as of now. Raises `LookupError` where the report is no more."""
    report = report_of(run.report)
    order = Order(
        as_of=validators.day_of(run.params["as_of"], name="as_of"),
        language=run.language,
        by=run.asked_by,
        project=run.project,
        organisation=run.organisation,
        run=str(run.pk)[:8],
        frozen_at=timezone.now(),
    )
    return report, order
