"""People's own word on a need: kept once for each person, counted again, and told to the floor below."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from beneficiaries.calculation.needs import is_met
from beneficiaries.choices import Action, ConfirmedBy, NeedState
from beneficiaries.models import Feedback, Need, NeedConfirmation
from beneficiaries.queries.needs import people_of
from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.models import bump
from projects.models import Project
from projects.services.needs import push_people


def push_down(project: Project) -> None:
    """Tell the project how many people were asked, have an answer, and say that their first need is met."""
    said = people_of([project])[project.pk]
    push_people(
        project=project,
        asked=said.asked,
        answered=said.answered,
        met=said.met,
        round_on=said.round_on,
        needs_named=said.needs_answered,
    )


def keep_words(need: Need, way: str, voices: Mapping[str, bool], by: User) -> None:
    """Keep each person's last word (by a key of hers), within the caller's transaction, and count again.

    What is kept of the person is a hash with the portal's key. `need` is locked, so that of two fifth words none is
    overlooked.
    """
    need.refresh_from_db(from_queryset=Need.objects.select_for_update(no_key=True))
    rows = [
        NeedConfirmation(need=need, way=way, is_met=is_so, key=mark(need, way, key)) for key, is_so in voices.items()
    ]
    NeedConfirmation.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["need", "key"], update_fields=["is_met"]
    )
    _count_again(need, way, len(voices), by)


def forget_word(feedback: Feedback, by: User) -> None:
    """Take the word on its need out that came by this message's receipt, within the caller's transaction."""
    receipt_id = receipt_of(feedback)
    if feedback.need is None or receipt_id is None:
        return
    need = Need.objects.select_for_update(no_key=True).get(pk=feedback.need_id)
    key = mark(need, ConfirmedBy.RECEIPT, str(receipt_id))
    if need.confirmations.filter(key=key).delete()[0]:
        _count_again(need, ConfirmedBy.RECEIPT, 1, by)


def word_of(feedback: Feedback) -> bool | None:
    """What the person said by her receipt about the need of her message; None where she said nothing. One statement."""
    receipt_id = receipt_of(feedback)
    if feedback.need is None or receipt_id is None:
        return None
    key = mark(feedback.need, ConfirmedBy.RECEIPT, str(receipt_id))
    return feedback.need.confirmations.filter(key=key).values_list("is_met", flat=True).first()


def receipt_of(feedback: Feedback) -> UUID | None:
    """The id of the message's receipt; None for a message without one."""
    return feedback.receipt.pk if hasattr(feedback, "receipt") else None


def mark(need: Need, way: str, key: str) -> str:
    """What is kept of a person: a hash, another one for each need and way."""
    return salted_hmac("beneficiaries.confirmation", f"{need.pk}:{way}:{key}", algorithm="sha256").hexdigest()


def _count_again(need: Need, way: str, people: int, by: User) -> None:
    """From five on the need is met; below, it falls back to answered, or to confirmed where nothing answers it."""
    met = is_met(need.confirmations.filter(is_met=True).count(), needed=settings.CONFIRMATIONS_NEEDED)
    if met and need.state != NeedState.REFUSED:
        need.state = NeedState.MET
    elif need.state == NeedState.MET:
        need.state = NeedState.ANSWERED if need.activity_id else NeedState.CONFIRMED
    bump(need, "state")
    audit.record(by, Action.NEED_CONFIRMED, need, way=str(way), people=people, state=need.state)
    push_down(need.project)
