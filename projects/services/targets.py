"""Acts on single targets: of a period or the whole time; for all, or for a cell, a place, a partner."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import Sentence
from partners.models import Organisation
from projects.choices import Action
from projects.models import Indicator, Period, Place, Target
from projects.queries.targets import places_of
from projects.services.results import set_targets
from projects.services.updates.rows import asked_by
from projects.validators import check_target


@transaction.atomic
def set_target(
    *,
    indicator: Indicator,
    period: Period | None = None,
    cell: str = "",
    place: Place | None = None,
    organisation: Organisation | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    text: str = "",
    comment: dict[str, str] | None = None,
    by: User,
) -> Target:
    """Put a target in place of the one for the same period (None: the whole time), cell, place and organisation.

    Raises `ValidationError` by field: a period of another indicator, a category that isn't asked for, a place or an
    organisation that isn't of the project, a number that the measure does not take, nothing aimed at.
    """
    require(by, "projects.manage_framework", indicator)
    problems: dict[str, list[Sentence]] = {}
    if period is not None and period.indicator_id != indicator.pk:
        problems["period"] = [_("This period belongs to another indicator.")]
    if organisation is not None and not organisation.partnerships.filter(project=indicator.project_id).exists():
        problems["organisation"] = [_("This organisation is no partner of the project.")]
    if place is not None and not places_of(indicator.project).filter(pk=place.pk).exists():
        problems["place"] = [_("The project does not work in this place.")]
    if problems:
        raise ValidationError(problems)
    asked = asked_by([indicator])[indicator.pk]
    name = check_target(asked, cell, numerator, denominator, text)
    row = Target(
        indicator=indicator,
        period=period,
        cell=name,
        place=place,
        organisation=organisation,
        numerator=numerator,
        denominator=denominator,
        text=text,
        comment=comment or {},
    )
    return set_targets(project=indicator.project, rows=[row], by=by)[0]


@transaction.atomic
def remove_target(*, target: Target, by: User) -> None:
    """Take a target away; what was reported stays."""
    require(by, "projects.manage_framework", target.indicator)
    audit.record(by, Action.TARGETS_SET, target.indicator, removed=target.pk, cell=target.cell)
    target.delete()
