"""Plain makers of the cast and of what tests need.

Alice coordinates at KMOP, Bob works for partner A, Carol for partner B, Dora is a stranger, Sofia is a safeguarding
focal point.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import RoleGrant, User
from partners.choices import MembershipRole, Sector
from partners.models import ApiClient, Membership, Organisation
from projects.choices import PartnershipRole, ProjectRoleName, ProjectStatus, ResultLevel, UpdateState
from projects.models import (
    Category,
    Dimension,
    Indicator,
    Obligation,
    Partnership,
    Period,
    Place,
    Project,
    ProjectCountry,
    ProjectRole,
    Result,
    Target,
    Update,
    UpdateValue,
)

YEAR = 2026
_number = count(1)


def make_user(name: str, *roles: PortalRole, kind: str = UserKind.PERSON, language: str = "en") -> User:
    """A user named in lower case at example.org, with portal-wide roles; nobody can sign in as her."""
    user = User.objects.create(
        email=f"{name.lower()}@example.org", name=name, kind=kind, language=language, password="!"
    )
    for role in roles:
        RoleGrant.objects.create(user=user, role=role)
    return user


def make_organisation(code: str, *, sector: str = Sector.CIVIL_SOCIETY, **fields: Any) -> Organisation:
    """An organisation named by its code."""
    fields.setdefault("name", f"Organisation {code}")
    return Organisation.objects.create(code=code, sector=sector, **fields)


def make_member(user: User, organisation: Organisation, role: str = MembershipRole.CONTRIBUTOR) -> Membership:
    """A user in an organisation."""
    return Membership.objects.create(user=user, organisation=organisation, role=role)


def make_project(code: str = "STR-25", *, country: str = "GR", **fields: Any) -> Project:
    """An active project of the year."""
    fields.setdefault("titles", {"en": f"Project {code}", "el": f"Έργο {code}"})
    fields.setdefault("status", ProjectStatus.ACTIVE)
    fields.setdefault("starts_on", date(YEAR, 1, 1))
    fields.setdefault("ends_on", date(YEAR, 12, 31))
    project = Project.objects.create(code=code, **fields)
    if country:
        ProjectCountry.objects.create(project=project, country=country)
    return project


def make_partnership(
    project: Project, organisation: Organisation, *, reports: bool = True, places: Iterable[Place] = (), **fields: Any
) -> Partnership:
    """An organisation in a project, reporting unless told otherwise."""
    fields.setdefault("role", PartnershipRole.IMPLEMENTING)
    row = Partnership.objects.create(project=project, organisation=organisation, reports=reports, **fields)
    row.places.set(list(places))
    return row


def make_role(user: User, role: str, project: Project | None = None, country: str = "") -> ProjectRole:
    """A role in a project or country."""
    return ProjectRole.objects.create(user=user, role=role, project=project, country=country)


def make_place(code: str, **fields: Any) -> Place:
    """A place named by its code; one of that code that is there already is taken."""
    row, _made = Place.objects.get_or_create(code=code, defaults={"name": code, **fields})
    return row


KNOWN = {"sex": ("female", "male", "other", "not_stated"), "age": ("0-5", "18-24", "65+", "not_stated")}


def make_dimension(code: str, *categories: str, is_exclusive: bool = True) -> Dimension:
    """A dimension with categories titled by code ("sex" and "age" know theirs); one that is there is taken."""
    row, made = Dimension.objects.get_or_create(
        code=code, defaults={"titles": {"en": code}, "is_exclusive": is_exclusive}
    )
    if made:
        codes = enumerate(categories or KNOWN[code])
        rows = [
            Category(dimension=row, code=one, titles={"en": one.replace("_", " ").capitalize()}, order=order)
            for order, one in codes
        ]
        Category.objects.bulk_create(rows)
    return row


def make_result(project: Project, code: str = "1", *, level: str = ResultLevel.OUTCOME, **fields: Any) -> Result:
    """A result of a project; one of that code that is there already is taken."""
    fields.setdefault("titles", {"en": f"Result {code}"})
    row, _made = Result.objects.get_or_create(project=project, code=code, defaults={"level": level, **fields})
    return row


def make_indicator(
    project: Project,
    code: str = "1.1",
    *,
    result: Result | None = None,
    dimensions: Iterable[Dimension] = (),
    **fields: Any,
) -> Indicator:
    """A count that is added up, unless told otherwise."""
    fields.setdefault("titles", {"en": f"Indicator {code}"})
    fields.setdefault("order", next(_number))
    row = Indicator.objects.create(project=project, result=result or make_result(project), code=code, **fields)
    row.dimensions.set(list(dimensions))
    return row


def make_period(indicator: Indicator, month: int = 1, *, months: int = 1, year: int = YEAR, **fields: Any) -> Period:
    """A period of whole months of the year, due 30 days after its end."""
    last = month + months - 1
    first_after = date(year + last // 12, last % 12 + 1, 1)
    ends_on = first_after - timedelta(days=1)
    fields.setdefault("due_on", ends_on + timedelta(days=30))
    return Period.objects.create(indicator=indicator, starts_on=date(year, month, 1), ends_on=ends_on, **fields)


def make_target(
    indicator: Indicator, numerator: Decimal | int | str, period: Period | None = None, **fields: Any
) -> Target:
    """A target of a period, or of the whole life."""
    return Target.objects.create(indicator=indicator, period=period, numerator=Decimal(numerator), **fields)


def make_update(
    period: Period,
    organisation: Organisation,
    values: Mapping[str, Any] | Decimal | int | str | None = 1,
    *,
    state: str = UpdateState.APPROVED,
    by: User | None = None,
    **fields: Any,
) -> Update:
    """An update as it lies in the database, without any act: nothing is rolled up, no obligation is met.

    `values` are the total, or a mapping of cell to a number, to (numerator, denominator), or to "not_applicable".
    """
    user = by or _anybody()
    if state != UpdateState.DRAFT:
        fields.setdefault("submitted_by", user)
        fields.setdefault("submitted_at", timezone.now())
    if state in (UpdateState.APPROVED, UpdateState.RETURNED):
        fields.setdefault("decided_at", timezone.now())
    update = Update.objects.create(
        indicator=period.indicator, period=period, organisation=organisation, state=state, created_by=user, **fields
    )
    cells = values if isinstance(values, Mapping) else {"": values}
    UpdateValue.objects.bulk_create([_value(update, cell, one) for cell, one in cells.items() if one is not None])
    return update


def _value(update: Update, cell: str, given: Any) -> UpdateValue:
    if given == "not_applicable":
        return UpdateValue(update=update, cell=cell, state=given)
    top, bottom = given if isinstance(given, tuple) else (given, None)
    return UpdateValue(
        update=update, cell=cell, numerator=Decimal(top), denominator=None if bottom is None else Decimal(bottom)
    )


def _anybody() -> User:
    user, _made = User.objects.get_or_create(email="anybody@example.org", defaults={"name": "Anybody", "password": "!"})
    return user


def make_obligation(
    period: Period,
    organisation: Organisation,
    *,
    place: Place | None = None,
    update: Update | None = None,
    **fields: Any,
) -> Obligation:
    """A figure owed, due when its period is."""
    fields.setdefault("due_on", period.due_on or period.ends_on)
    return Obligation.objects.create(
        indicator=period.indicator, period=period, organisation=organisation, place=place, update=update, **fields
    )


@dataclass
class Cast:
    """People, their organisations, and one project that A reports in and Alice coordinates; B has its own."""

    alice: User
    bob: User
    carol: User
    dora: User
    sofia: User
    kmop: Organisation
    a: Organisation
    b: Organisation
    project: Project
    other: Project
    indicator: Indicator
    period: Period


def make_cast() -> Cast:
    """The cast, with a count and its January in each project. Alice manages and reviews the project of A."""
    kmop = make_organisation("KMOP")
    a, b = make_organisation("A"), make_organisation("B")
    alice = make_user("Alice")
    bob, carol, dora = make_user("Bob"), make_user("Carol"), make_user("Dora")
    sofia = make_user("Sofia", PortalRole.SAFEGUARDING_FOCAL_POINT)
    for user, organisation in ((alice, kmop), (bob, a), (carol, b)):
        make_member(user, organisation)
    project, other = make_project("STR-25"), make_project("OTH-25", country="IT")
    make_partnership(project, a)
    make_partnership(other, b)
    make_role(alice, ProjectRoleName.PROJECT_MANAGER, project)
    make_role(alice, ProjectRoleName.ME_OFFICER, project)
    indicator = make_indicator(project)
    return Cast(
        alice=alice,
        bob=bob,
        carol=carol,
        dora=dora,
        sofia=sofia,
        kmop=kmop,
        a=a,
        b=b,
        project=project,
        other=other,
        indicator=indicator,
        period=make_period(indicator),
    )


def fresh(user: User) -> User:
    """The same user read again, with nothing remembered."""
    return User.objects.get(pk=user.pk)


def make_client(organisation: Organisation, name: str = "system") -> ApiClient:
    """An API client whose service user contributes for its organisation; its token is nobody's."""
    user = make_user(f"client-{organisation.code}-{name}", kind=UserKind.SERVICE)
    make_member(user, organisation)
    return ApiClient.objects.create(organisation=organisation, user=user, name=name, token_hash=f"{user.pk}")
