"""Acts on corporate indicators and on what is declared to be part of them."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.text import fold
from projects.calculation.methods import may_combine_partners
from projects.calculation.portfolio import Misfit
from projects.calculation.units import conversion
from projects.calculation.values import AcrossPartners, Measure
from projects.choices import Action
from projects.models import CorporateIndicator, CorporateMapping, Indicator, IndicatorDefinition
from projects.queries.corporate import WHY, unit_word, why_not
from projects.services.saving import change, columns_of, keep

FIELDS = {Misfit.PARTS: "factor", Misfit.SAME_UNIT: "factor", Misfit.KNOWN_UNIT: "factor", Misfit.UNIT: "note"}


def _check_method(measure: str, across: str) -> None:
    if not may_combine_partners(Measure(measure), AcrossPartners(across)):
        raise ValidationError({"across_projects": [_("This method across projects has no meaning for the measure.")]})


@transaction.atomic
def add_corporate(*, by: User, **fields: Any) -> CorporateIndicator:
    """Add a corporate indicator; `fields` are its columns. Raises `ValidationError` by field."""
    require(by, "projects.manage_corporate")
    row = CorporateIndicator(**fields)
    row.clean_fields(exclude=["search_text"])
    _check_method(row.measure, row.across_projects)
    row.search_text = fold(row.code, *row.titles.values())
    keep(row)
    audit.record(by, Action.CORPORATE_CHANGED, row, code=row.code, added=True)
    return row


@transaction.atomic
def change_corporate(
    *, obj: CorporateIndicator, changes: Mapping[str, Any], expected_version: int | None = None, by: User
) -> CorporateIndicator:
    """Change a corporate indicator; parts that don't fit any more stay mapped and are told as left out.

    Raises `ValidationError` by field and `Stale`.
    """
    require(by, "projects.manage_corporate")
    merged = {name: changes.get(name, getattr(obj, name)) for name in ("measure", "across_projects", "titles")}
    _check_method(merged["measure"], merged["across_projects"])
    facts = {**changes, "search_text": fold(obj.code, *merged["titles"].values())}
    allowed = columns_of(CorporateIndicator, "code") | {"search_text"}
    changed = change(obj, facts, allowed=allowed, expected_version=expected_version)
    audit.record(by, Action.CORPORATE_CHANGED, obj, changed=changed)
    return obj


@transaction.atomic
def add_mapping(
    *,
    corporate: CorporateIndicator,
    indicator: Indicator | None = None,
    definition: IndicatorDefinition | None = None,
    factor: Fraction = Fraction(1),
    note: str = "",
    by: User,
) -> CorporateMapping:
    """Declare an indicator, or all that come from a definition, times `factor`, to be part of a corporate one.

    Raises `ValidationError` by field: unlike measures, methods or units, a factor that is not that of the units, an
    indicator that is a part already.
    """
    require(by, "projects.manage_corporate")
    row = CorporateMapping(
        corporate=corporate,
        indicator=indicator,
        definition=definition,
        factor_top=factor.numerator,
        factor_bottom=factor.denominator,
        note=note,
    )
    row.full_clean()
    source: Any = indicator or definition
    _check_once(corporate, indicator)
    problem = why_not(corporate, source, row)
    if problem is not None:
        where = FIELDS.get(problem, "indicator" if indicator else "definition")
        raise ValidationError({where: [_sentence(problem, source, corporate)]})
    keep(row)
    audit.record(by, Action.CORPORATE_CHANGED, corporate, mapped=str(source), factor=str(factor))
    return row


def _check_once(corporate: CorporateIndicator, indicator: Indicator | None) -> None:
    of_library = indicator.definition_id if indicator is not None else None
    if of_library is not None and corporate.mappings.filter(definition_id=of_library).exists():
        raise ValidationError({"indicator": [_("It is a part already, by its definition in the library.")]})


def _sentence(problem: Misfit, source: Any, corporate: CorporateIndicator) -> str:
    """Why it can't be a part; between known units with the factor that is right."""
    if problem == Misfit.KNOWN_UNIT:
        known = conversion(unit_word(source.units), unit_word(corporate.units))
        if known is not None:
            facts = {"source": known.source, "target": known.target, "factor": str(known.factor)}
            return str(_("1 %(source)s is %(factor)s %(target)s: the factor is %(factor)s.")) % facts
    return str(WHY[problem])


@transaction.atomic
def remove_mapping(*, mapping: CorporateMapping, by: User) -> None:
    """Take a part out of a corporate indicator; the figures of its project stay as they are."""
    require(by, "projects.manage_corporate")
    audit.record(
        by,
        Action.CORPORATE_CHANGED,
        mapping.corporate,
        unmapped=str(mapping.indicator or mapping.definition),
        factor=str(mapping.factor),
    )
    mapping.delete()
