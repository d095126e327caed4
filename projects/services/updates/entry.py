"""Entering updates: create, replace, correct by a revision, delete a draft."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.languages import check_language
from kmop.shared.models import Tombstone, bump
from partners.models import ApiClient, Organisation
from projects.choices import Action, Measure, UpdateSource, UpdateState
from projects.models import Indicator, Obligation, Partnership, Period, Place, Project, RaisedFlag, Update, UpdateValue
from projects.services.inputs import NewUpdate, UpdateInput
from projects.services.updates.answers import kept_answers
from projects.services.updates.drafts import warn_drafts
from projects.services.updates.rows import asked_by, locked_update, refuse_locked, require_all, today
from projects.services.updates.steps import tell_next
from projects.services.updates.submission import mark_submitted
from projects.validators import Asked, Said, accept_values, check_external_id, update_is_complete

DUPLICATE = _("There is an update for this indicator, period and place already. Change or revise that one.")
SUMMARY = ("narrative", "language", "is_incomplete", "flag_answer", "external_id")
FOREIGN = (
    "indicator",
    "period",
    "organisation",
    "place",
    "client",
    "revises",
    "created_by",
    "submitted_by",
    "decided_by",
    "started_by",
)


@transaction.atomic
def create_update(
    *,
    indicator: Indicator,
    period: Period,
    organisation: Organisation,
    place: Place | None = None,
    content: UpdateInput,
    source: str = UpdateSource.FORM,
    client: ApiClient | None = None,
    submit: bool = False,
    by: User,
) -> Update:
    """Enter what a partner says of one indicator, period and place; `submit` hands it in at once. The set act with one.

    Raises `NotAllowed`; `ValidationError` keyed by path ("values/2/disaggregation/age"); `RuleBroken` with `locked`
    for a locked period and code "duplicate" where there is an update already.
    """
    row = NewUpdate(indicator, period, organisation, place, content, client, source)
    return _create([row], submit=submit, at=timezone.now(), by=by, prefix=False)[0]


@transaction.atomic
def create_updates(
    *, rows: Sequence[NewUpdate], submit: bool = False, at: datetime | None = None, by: User
) -> list[Update]:
    """Enter many updates, all or none, in a fixed number of statements. `at` is when it was said (now).

    Raises as `create_update`; the paths begin with the number of the row: "rows/3/values/0/value".
    """
    return _create(rows, submit=submit, at=at or timezone.now(), by=by, prefix=True)


def _create(rows: Sequence[NewUpdate], *, submit: bool, at: datetime, by: User, prefix: bool) -> list[Update]:
    updates = [_unsaved(one, at, by) for one in rows]
    for one in updates:
        require(by, "projects.enter_update", one)
    asked = asked_by({one.indicator.pk: one.indicator for one in rows}.values())
    said = _accepted(rows, updates, asked, submit=submit, at=at, prefix=prefix)
    refuse_locked([(one.period, one.organisation.pk) for one in rows], day=today())
    _refuse_duplicates(rows)
    with _once():
        Update.objects.bulk_create(updates, batch_size=1000)
    _keep_values(zip(updates, said, strict=True))
    _meet_obligations(updates)
    submitted = mark_submitted(updates, at=at, by=by, asked=asked, touch=False) if submit else []
    if submit:
        tell_next(updates)
    else:
        warn_drafts(updates, on=timezone.localdate(at))
    created = [(one, {"indicator": one.indicator_id, "period": one.period_id}) for one in updates]
    facts = [(str(Action.UPDATE_CREATED), *one) for one in created]
    audit.record_all(by, [*facts, *((str(Action.UPDATE_SUBMITTED), *one) for one in submitted)])
    return updates


def _unsaved(row: NewUpdate, at: datetime, by: User) -> Update:
    update = Update(
        indicator=row.indicator,
        period=row.period,
        organisation=row.organisation,
        place=row.place,
        source=row.source,
        client=row.client,
        created_by=by,
        created_at=at,
    )
    _take_summary(update, row.content)
    return update


def _take_summary(update: Update, content: UpdateInput) -> None:
    for name in SUMMARY:
        setattr(update, name, getattr(content, name))


# ---------------------------------------------------------------- what is acceptable
def _accepted(
    rows: Sequence[NewUpdate],
    updates: Sequence[Update],
    asked: Mapping[int, Asked],
    *,
    submit: bool,
    at: datetime,
    prefix: bool,
) -> list[list[Said]]:
    reach = _reach_of(rows)
    problems: dict[str, Any] = {}
    said: list[list[Said]] = []
    for number, (row, update) in enumerate(zip(rows, updates, strict=True)):
        try:
            _check_place_and_time(row, reach, at)
            check_external_id(row.content.external_id)
            update.flag_answers = kept_answers(update, row.content.flag_answers, by=update.created_by, at=at)
            update.clean_fields(exclude=FOREIGN)
            check_language(row.content.language)
            values = accept_values(row.content.values, row.content.total, asked[row.indicator.pk])
            if submit:
                update_is_complete(values, evidence=0, asked=asked[row.indicator.pk])
            said.append(values)
        except ValidationError as error:
            start = f"rows/{number}/" if prefix else ""
            problems |= {f"{start}{path}": found for path, found in error.error_dict.items()}
    if problems:
        raise ValidationError(problems)
    return said


@dataclass(frozen=True)
class _Reach:
    """Places each organisation reports for in each project, and the places of the projects."""

    named: dict[tuple[int, int], set[int]]
    projects: dict[int, set[int]]


def _reach_of(rows: Sequence[NewUpdate]) -> _Reach:
    projects = {one.indicator.project_id for one in rows}
    named: dict[tuple[int, int], set[int]] = {}
    partnerships = Partnership.objects.filter(project_id__in=projects, reports=True, places__isnull=False)
    for project_id, organisation_id, place_id in partnerships.values_list("project_id", "organisation_id", "places"):
        named.setdefault((project_id, organisation_id), set()).add(place_id)
    of_projects: dict[int, set[int]] = {}
    if any(one.place for one in rows):
        through = Project.places.through.objects.filter(project_id__in=projects).values_list("project_id", "place_id")
        for project_id, place_id in through:
            of_projects.setdefault(project_id, set()).add(place_id)
    return _Reach(named, of_projects)


def _check_place_and_time(row: NewUpdate, reach: _Reach, at: datetime) -> None:
    problems: dict[str, Any] = {}
    if row.period.indicator_id != row.indicator.pk:
        problems["period"] = [_("This period belongs to another indicator.")]
    elif row.period.starts_on > timezone.localdate(at):
        problems["period"] = [_("This period has not begun yet.")]
    if row.indicator.measure == Measure.FORMULA:
        problems["indicator"] = [_("This figure is computed from other indicators: nobody reports it.")]
    elif not row.indicator.is_active:
        problems["indicator"] = [_("This indicator is no longer in use.")]
    named = reach.named.get((row.indicator.project_id, row.organisation.pk))
    if named and (row.place is None or row.place.pk not in named):
        problems["place"] = [_("Your organisation reports in this project by place: name one of its places.")]
    elif not named and row.place is not None and row.place.pk not in reach.projects.get(row.indicator.project_id, ()):
        problems["place"] = [_("The project doesn't work in this place.")]
    if problems:
        raise ValidationError(problems)


def _refuse_duplicates(rows: Sequence[NewUpdate]) -> None:
    keys = Counter((one.period.pk, one.organisation.pk, one.place.pk if one.place else None) for one in rows)
    periods = {period for period, _organisation, _place in keys}
    known = Update.objects.filter(period_id__in=periods).values_list("period_id", "organisation_id", "place_id")
    if max(keys.values(), default=0) > 1 or set(keys) & set(known):
        raise RuleBroken(DUPLICATE, "duplicate")
    _refuse_external([(one.client, one.content.external_id) for one in rows if one.client and one.content.external_id])


def _refuse_external(given: Sequence[tuple[ApiClient, str]], besides: Update | None = None) -> None:
    """An external id is unique for each client."""
    if not given:
        return
    clients, ids = {client.pk for client, _one in given}, {one for _client, one in given}
    taken = Update.objects.live().filter(client_id__in=clients, external_id__in=ids)
    if besides is not None:
        taken = taken.exclude(pk=besides.pk)
    known = set(taken.values_list("client_id", "external_id"))
    wanted = Counter((client.pk, one) for client, one in given)
    if max(wanted.values()) > 1 or known & set(wanted):
        raise RuleBroken(_("There is an update with this external id already."), "duplicate")


@contextmanager
def _once() -> Iterator[None]:
    """What the constraint refuses is a duplicate that somebody else made at the same moment; the act ends with it."""
    try:
        yield
    except IntegrityError as error:
        raise RuleBroken(DUPLICATE, "duplicate") from error


# ---------------------------------------------------------------- what is kept
def _keep_values(rows: Iterable[tuple[Update, Sequence[Said]]]) -> None:
    UpdateValue.objects.bulk_create(
        [
            UpdateValue(
                update=update,
                cell=one.cell,
                numerator=one.numerator,
                denominator=one.denominator,
                text=one.text,
                state=one.state,
            )
            for update, said in rows
            for one in said
        ],
        batch_size=2000,
    )


def _meet_obligations(updates: Collection[Update]) -> None:
    """Point what is owed to the updates that answer it."""
    answer = (
        Update.objects.filter(
            pk__in=[one.pk for one in updates],
            period=OuterRef("period"),
            organisation=OuterRef("organisation"),
        )
        .annotate(key=Coalesce("place", 0))
        .filter(key=Coalesce(OuterRef("place"), 0))
    )
    owed = Obligation.objects.filter(Exists(answer), update=None, period_id__in={one.period_id for one in updates})
    owed.update(update_id=Subquery(answer.values("pk")[:1]), version=F("version") + 1, updated_at=timezone.now())


# ---------------------------------------------------------------- one that is there
@transaction.atomic
def replace_update(
    *, update: Update, content: UpdateInput, expected_version: int | None = None, submit: bool = False, by: User
) -> Update:
    """Put another content in place of a draft's or returned update's; for a part of it change `content_of(update)`.

    Raises as `create_update`, `RuleBroken` "wrong_state", and `Stale` where the version isn't the expected one.
    """
    require(by, "projects.change_update", update)
    row = locked_update(update, expected_version)
    asked = asked_by([row.indicator])[row.indicator_id]
    check_external_id(content.external_id)
    if content.language != row.language:
        check_language(content.language)
    said = accept_values(content.values, content.total, asked)
    if submit:
        update_is_complete(said, evidence=row.evidence.count(), asked=asked)
    refuse_locked([(row.period, row.organisation_id)], day=today())
    require_all(by, "projects.change_update", [row])
    if row.client and content.external_id:
        _refuse_external([(row.client, content.external_id)], besides=row)
    _take_summary(row, content)
    row.flag_answers = kept_answers(row, content.flag_answers, by=by, at=timezone.now())
    row.clean_fields(exclude=FOREIGN)
    _notice_correction(row, said)
    with _once():
        bump(row, *SUMMARY, "flag_answers")
    row.values.all().delete()
    _keep_values([(row, said)])
    if submit:
        facts = mark_submitted([row], at=timezone.now(), by=by)
        tell_next([row])
        audit.record_many(by, Action.UPDATE_SUBMITTED, facts)
    else:
        warn_drafts([row], on=today())
        audit.record(by, Action.UPDATE_CHANGED, row, version=row.version)
    return row


def _notice_correction(row: Update, said: Sequence[Said]) -> None:
    """Flags of a figure that came back and is changed now did their work."""
    if row.state != UpdateState.RETURNED:
        return
    columns = ("cell", "numerator", "denominator", "text", "state")
    before = set(row.values.values_list(*columns))
    if before != {tuple(getattr(one, name) for name in columns) for one in said}:
        raised = RaisedFlag.objects.filter(update=row, round=row.round, corrected_at=None)
        raised.update(corrected_at=timezone.now())


@transaction.atomic
def revise_update(*, update: Update, reason: str, expected_version: int | None = None, by: User) -> Update:
    """Begin the correction of an approved update: a draft with the same content and the next revision number.

    The approved one counts until the revision is approved. Raises `ValidationError` without a reason, `RuleBroken`
    "wrong_state", "duplicate" (a revision is open already) or `locked`, and `Stale`.
    """
    require(by, "projects.revise_update", update)
    row = locked_update(update, expected_version)
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say why the figures are corrected."), code="required")})
    refuse_locked([(row.period, row.organisation_id)], day=today())
    require_all(by, "projects.revise_update", [row])
    revision = Update(
        indicator=row.indicator,
        period=row.period,
        organisation_id=row.organisation_id,
        place_id=row.place_id,
        source=row.source,
        client_id=row.client_id,
        narrative=row.narrative,
        language=row.language,
        is_incomplete=row.is_incomplete,
        revision=row.revision + 1,
        revises=row,
        revision_reason=reason.strip(),
        created_by=by,
    )
    with _once():
        revision.save(force_insert=True)
    values = [Said(one.cell, one.numerator, one.denominator, one.text, one.state) for one in row.values.all()]
    _keep_values([(revision, values)])
    audit.record(by, Action.UPDATE_REVISED, revision, revises=row.pk, revision=revision.revision)
    return revision


@transaction.atomic
def delete_draft(*, update: Update, expected_version: int | None = None, by: User) -> None:
    """Delete a draft (also the draft of a revision). Raises `RuleBroken` "wrong_state" and `Stale`."""
    require(by, "projects.delete_update", update)
    row = locked_update(update, expected_version)
    require_all(by, "projects.delete_update", [row])
    Obligation.objects.filter(update=row).update(version=F("version") + 1, updated_at=timezone.now())
    audit.record(by, Action.UPDATE_DELETED, row, indicator=row.indicator_id, period=row.period_id)
    Tombstone.objects.create(kind=Update._meta.label_lower, object_id=str(row.pk), scope=str(row.organisation_id))
    row.delete()
