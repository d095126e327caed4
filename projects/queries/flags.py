"""Quality flags in words, with what was answered, as far as the reader may know them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.accounts.models import User
from kmop.shared import formats
from kmop.shared.fields import holds_word
from projects.models import Update
from projects.rules import READS_UPDATES, REVIEWS, held_by

SENTENCES = {
    "outlier": gettext_lazy("%(value)s is far from this partner's usual %(median)s (%(lowest)s to %(highest)s)."),
    "jump": gettext_lazy("%(value)s differs much from %(previous)s in the period before."),
    "running_total_falls": gettext_lazy("The running total falls from %(previous)s to %(value)s."),
    "breakdown_does_not_add_up": gettext_lazy(
        "The breakdown by %(dimensions)s leaves %(difference)s without a category."
    ),
    "above_denominator": gettext_lazy("%(value)s is more than the %(denominator)s it is a part of."),
    "equal_to_last": gettext_lazy("%(value)s is the very figure of the period before."),
    "zero_where_never_zero": gettext_lazy("0, where none of the %(count)s figures before was 0 (usual: %(median)s)."),
    "evidence_missing": gettext_lazy("No file shows where the figure comes from."),
    "target_passed_early": gettext_lazy(
        "%(value)s reaches the target of %(target)s when %(percent)s % of the time has passed."
    ),
}
NAMES = {
    "late": gettext_lazy("Late"),
    "outlier": gettext_lazy("Far from the usual"),
    "jump": gettext_lazy("Unusual jump"),
    "running_total_falls": gettext_lazy("Running total falls"),
    "breakdown_does_not_add_up": gettext_lazy("Breakdown does not add up"),
    "above_denominator": gettext_lazy("More than the whole"),
    "equal_to_last": gettext_lazy("Same as the period before"),
    "zero_where_never_zero": gettext_lazy("Zero where never zero"),
    "evidence_missing": gettext_lazy("No evidence"),
    "target_passed_early": gettext_lazy("Target passed early"),
    "double": gettext_lazy("Same as another partner"),
}
FOR_OFFICERS = ("double",)


@dataclass(frozen=True)
class Answered:
    """Why a figure is right, by whom and when."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FlagShown:
    """A flag in words; the answers are oldest first."""

    code: str
    name: str
    sentence: str
    cell: str
    answers: tuple[Answered, ...]

    @property
    def is_open(self) -> bool:
        """Nobody answered it."""
        return not self.answers


def sentence(flag: Mapping[str, Any]) -> str:
    """One kept flag {code, params, cell} as a sentence in the active language; numbers with at most two decimals."""
    params = {name: _short(value) for name, value in flag["params"].items()}
    if flag["code"] == "late":
        days = int(flag["params"]["days"])
        said = ngettext("Submitted %(days)d day late.", "Submitted %(days)d days late.", days)
        return said % {"days": days}
    if flag["code"] == "double":
        count = int(flag["params"]["count"])
        said = ngettext(
            "%(n)s other partner reported the very same %(value)s for this period.",
            "%(n)s other partners reported the very same %(value)s for this period.",
            count,
        )
        return said % {"n": count, "value": params["value"]}
    known = SENTENCES.get(flag["code"])
    return str(known) % params if known else _("Flag: %(code)s") % {"code": flag["code"]}


def sentences(flags: Iterable[Mapping[str, Any]]) -> list[str]:
    """All flags of an update as sentences."""
    return [sentence(one) for one in flags]


def seen_flags(update: Update, user: Any) -> list[dict[str, Any]]:
    """The flags of an update, open ones first, without those that tell its own partner about another one's figures."""
    flags = [*update.flags, *update.answered_flags]
    if all(one["code"] not in FOR_OFFICERS for one in flags):
        return flags
    is_officer = user.has_role(*READS_UPDATES) or held_by(user).has(update.indicator.project_id, REVIEWS)
    return flags if is_officer else [one for one in flags if one["code"] not in FOR_OFFICERS]


def flagged(rows: QuerySet[Any], code: str, user: Any) -> QuerySet[Any]:
    """The updates among `rows` that carry a flag of this code, open or answered, and show it to `user`."""
    if code in FOR_OFFICERS and not user.has_role(*READS_UPDATES):
        by_role = held_by(user).by_role
        rows = rows.filter(indicator__project__in={pk for role in REVIEWS for pk in by_role.get(role, ())})
    return rows.filter(holds_word("flags", code, key="code") | holds_word("answered_flags", code, key="code"))


def flags_shown(update: Update, user: Any) -> list[FlagShown]:
    """The flags that `user` may know, with their answers; one statement for the names where there are answers."""
    said = update.flag_answers
    authors = User.objects.in_bulk({one["by"] for answers in said.values() for one in answers}) if said else {}
    return [
        FlagShown(one["code"], rule_name(one["code"]), sentence(one), one["cell"], _answers(said, one["code"], authors))
        for one in seen_flags(update, user)
    ]


def rule_name(code: str) -> str:
    """The short name of a rule."""
    return str(NAMES.get(code, code))


def _answers(said: Mapping[str, Sequence[Any]], code: str, authors: Mapping[int, User]) -> tuple[Answered, ...]:
    return tuple(
        Answered(one["text"], str(authors.get(one["by"], "")), datetime.fromisoformat(one["at"]))
        for one in said.get(code, ())
    )


def _short(value: Any) -> Any:
    try:
        return formats.number(Decimal(value))
    except (ArithmeticError, TypeError, ValueError):
        return value
