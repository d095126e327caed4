"""What a partner owes and types on the pages of Enter."""

from decimal import Decimal
from typing import Any

from django.test import Client

from kmop.accounts.models import User
from projects.models import Dimension, Obligation, Update, UpdateValue
from tests.factories import Cast, make_dimension, make_indicator, make_obligation, make_period

ENTER = "/enter/"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def owe(cast: Cast, code: str, *, month: int = 1, **fields: Any) -> Obligation:
    """A further figure that A owes."""
    indicator = make_indicator(cast.project, code, **fields)
    return make_obligation(make_period(indicator, month), cast.a)


def gender() -> Dimension:
    return make_dimension("gender", "women", "men", "unsaid")


def band() -> Dimension:
    return make_dimension("band", "young", "old")


def crossed(cast: Cast, code: str = "1.2") -> Obligation:
    """A figure by gender and age band."""
    return owe(cast, code, dimensions=[gender(), band()])


def address(owed: Obligation) -> str:
    return f"/enter/figures/{owed.pk}/"


def typed(client: Client, owed: Obligation, **fields: Any) -> Any:
    """What the script sends while somebody types."""
    data = {"kind": "number", "version": 0, **fields}
    return client.post(address(owed), data, headers={"X-Autosave": "1"})


def kept(update: Update) -> dict[str, tuple[Decimal | None, Decimal | None, str]]:
    return {one.cell: (one.numerator, one.denominator, one.state) for one in UpdateValue.objects.filter(update=update)}
