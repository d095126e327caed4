"""Partner performance report: what partners owed in a year, what came in time, what is missing."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beneficiaries.calculation.shares import Share
from kmop.shared import formats
from kmop.shared.text import in_language
from partners.choices import Sector
from projects.calculation.calendar import months_later
from reports.catalogue import blocks as b
from reports.catalogue.frames import meta_of
from reports.catalogue.registry import Order, Parameter, Report, Takes
from reports.queries.partner_performance import Kept, MissingFigure, Scope, kept_dates, missing_figures

CODE = "partner-performance"
MONTHS = 12
MOST_MISSING = 200


def gather(order: Order) -> b.Document:
    """The report on one partner, in one project or all, or on all partners of one project. Two statements."""
    since = months_later(order.as_of, -MONTHS)
    scope = Scope(order.project, order.organisation, since, order.as_of)
    kept = kept_dates(scope)
    missing = missing_figures(scope, most=MOST_MISSING)
    return b.Document(
        title=_title(order),
        subtitle=_subtitle(order),
        kicker=_("Partner performance · %(range)s") % {"range": formats.date_range(since, order.as_of, order.language)},
        language=order.language,
        meta=_meta(order),
        cover=(b.Figures(_figures(kept)), b.KeyValues(_facts(order, kept))),
        blocks=(*_dates(order, kept), *_missing(kept, missing), *_method(order, since)),
    )


def _title(order: Order) -> str:
    if order.organisation is not None:
        return order.organisation.name
    return in_language(order.project.titles) if order.project else _("All partners")


def _subtitle(order: Order) -> str:
    if order.organisation is not None and order.project is not None:
        return _("In the project %(code)s %(title)s") % {
            "code": order.project.code,
            "title": in_language(order.project.titles),
        }
    return _("In all its projects") if order.organisation is not None else _("All partners that report figures")


def _meta(order: Order) -> b.Meta:
    subject = " ".join(each.code for each in (order.project, order.organisation) if each is not None)
    parameters = [b.KeyValue(_("Report"), _("Partner performance"))]
    if order.organisation is not None:
        parameters.append(b.KeyValue(_("Partner"), f"{order.organisation.code} {order.organisation.name}"))
    if order.project is not None:
        parameters.append(b.KeyValue(_("Project"), order.project.code))
    short = _("%(subject)s · Partner performance") % {"subject": subject}
    return meta_of(order, report=CODE, subject=subject, short=short, parameters=parameters)


def _sum(kept: Sequence[Kept], name: str) -> int:
    return sum(getattr(each, name) for each in kept)


def _share(part: int, whole: int) -> b.Cell:
    value = Share(part, whole).value
    return b.Empty.NOT_APPLICABLE if value is None else value


def _figures(kept: Sequence[Kept]) -> tuple[b.Figure, ...]:
    owed, on_time, late, missing = (_sum(kept, name) for name in ("owed", "on_time", "late", "missing"))
    share = Share(on_time, owed).value
    return (
        b.Figure(
            _("Did the figures come in time?"),
            _share(on_time, owed),
            b.Kind.PERCENT,
            _("in time"),
            under=_("%(part)s of %(whole)s figures that were due") % {"part": on_time, "whole": owed},
            bar=b.Bar(share) if share is not None else None,
        ),
        b.Figure(_("Came late"), Decimal(late), unit=ngettext("figure", "figures", late)),
        b.Figure(_("Still missing"), Decimal(missing), unit=ngettext("figure", "figures", missing)),
    )


def _facts(order: Order, kept: Sequence[Kept]) -> tuple[b.KeyValue, ...]:
    facts = []
    if order.organisation is not None:
        facts.append(b.KeyValue(_("Sector"), str(Sector(order.organisation.sector).label)))
    projects = sorted({f"{each.project_code} {each.project}" for each in kept})
    partners = sorted({each.organisation for each in kept})
    facts.append(b.KeyValue(_("Projects"), "; ".join(projects) or _("None in this time")))
    if order.organisation is None:
        facts.append(b.KeyValue(_("Partners"), "; ".join(partners) or _("None in this time")))
    return tuple(facts)


def _dates(order: Order, kept: Sequence[Kept]) -> tuple[b.Block, ...]:
    heading = b.Heading(1, _("Figures and their dates"))
    if not kept:
        return (heading, b.Text((_("Nothing was due in this time."),), b.Style.LEAD))
    counts = [_("Due"), _("In time"), _("Late"), _("Missing")]
    columns = (
        b.Column(_("Project"), b.Kind.CODE, weight=10),
        b.Column(_("Partner"), b.Kind.TEXT),
        *(b.Column(label, b.Kind.NUMBER) for label in counts),
        b.Column(_("Approved"), b.Kind.NUMBER),
        b.Column(_("In time, share"), b.Kind.PERCENT, strong=True),
    )
    caption = _("Figures due, by project and partner, to %(day)s") % {"day": formats.day(order.as_of, order.language)}
    rows = tuple(_row(each.project_code, each.organisation, [each]) for each in kept)
    total = _row(_("All"), "", kept) if len(kept) > 1 else None
    return (heading, b.Text((_lead(kept),), b.Style.LEAD), b.Table(caption, columns, rows, total, name=_("Dates")))


def _row(code: str, name: str, kept: Sequence[Kept]) -> b.Row:
    counts = [Decimal(_sum(kept, each)) for each in ("owed", "on_time", "late", "missing", "approved")]
    return (code, name, *counts, _share(_sum(kept, "on_time"), _sum(kept, "owed")))


def _lead(kept: Sequence[Kept]) -> str:
    facts = {"part": _sum(kept, "on_time"), "whole": _sum(kept, "owed"), "missing": _sum(kept, "missing")}
    if not facts["missing"]:
        return _("%(part)s of %(whole)s figures came in time, and none is missing.") % facts
    sentence = ngettext(
        "%(part)s of %(whole)s figures came in time; %(missing)s is still missing.",
        "%(part)s of %(whole)s figures came in time; %(missing)s are still missing.",
        facts["missing"],
    )
    return sentence % facts


def _missing(kept: Sequence[Kept], missing: Sequence[MissingFigure]) -> tuple[b.Block, ...]:
    if not missing:
        return ()
    columns = (
        b.Column(_("Indicator"), b.Kind.CODE, weight=14),
        b.Column(_("What it counts"), b.Kind.TEXT),
        b.Column(_("Partner"), b.Kind.TEXT, weight=20),
        b.Column(_("Place"), b.Kind.TEXT, weight=14),
        b.Column(_("Period"), b.Kind.CODE, weight=16),
        b.Column(_("Due"), b.Kind.DATE),
    )
    rows = tuple(
        (
            f"{each.project_code}/{each.indicator_code}",
            each.indicator,
            each.organisation,
            each.place,
            each.period,
            each.due_on,
        )
        for each in missing
    )
    more = _sum(kept, "missing") - len(missing)
    note = _("%(count)s more are not listed.") % {"count": more} if more > 0 else ""
    table = b.Table(_("Figures that have not come, longest due first"), columns, rows, note=note, name=_("Missing"))
    return (b.Heading(1, _("What is missing")), table)


def _method(order: Order, since: date) -> tuple[b.Block, ...]:
    text = _(
        "Method. A figure is one indicator, period and place that a partner owes. It is in time when it was sent by the"
        " end of its due day (%(zone)s time), whatever was corrected later. Counted is what was due from %(since)s to"
        " %(until)s, approved what was approved by then."
    ) % {
        "zone": settings.TIME_ZONE,
        "since": formats.day(since, order.language),
        "until": formats.day(order.as_of, order.language),
    }
    return (b.Text((text,), b.Style.SMALL),)


REPORT = Report(
    code=CODE,
    title=gettext_lazy("Partner performance report"),
    summary=gettext_lazy("Whether partners' figures came in time, what is missing, and what was approved."),
    parameters=(
        Parameter(
            "organisation",
            Takes.ORGANISATION,
            gettext_lazy("Partner"),
            gettext_lazy("Without one: all partners of the project."),
        ),
        Parameter(
            "project", Takes.PROJECT, gettext_lazy("Project"), gettext_lazy("Without one: all projects of the partner.")
        ),
        Parameter("as_of", Takes.DAY, gettext_lazy("To this day"), gettext_lazy("Without one: today.")),
    ),
    rule="reports.make_partner_report",
    gather=gather,
)
