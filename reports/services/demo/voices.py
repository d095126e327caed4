"""Needs, rounds, decisions, messages and answers of the demo portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from beneficiaries.choices import Channel, NeedState, Outcome
from beneficiaries.models import Feedback, Need
from beneficiaries.services.batches import Worked, work_on_many
from beneficiaries.services.feedback import (
    NewFeedback,
    receive_feedback,
    receive_many,
)
from beneficiaries.services.needs import (
    Ranked,
    add_group,
    answer_need,
    confirm_needs,
    hold_round,
    record_decision,
    record_need,
    refuse_need,
)
from kmop.accounts.services import service_account
from projects.models import Activity, Place
from reports.services.demo.content import Stage, texts
from reports.services.demo.people import Cast
from reports.services.demo.projects import Planned

MESSAGES = 300
WITH_RECEIPT = 20
LANGUAGES = {"en": 10, "el": 34, "ar": 26, "uk": 18, "fr": 12}
CHANNELS = {
    Channel.WEB: 34,
    Channel.QR_POSTER: 26,
    Channel.SMS: 16,
    Channel.HOTLINE: 12,
    Channel.PAPER: 12,
}
PEOPLE = 8
REFUSED_BECAUSE = "The rules of the grant exclude payments to people."


@dataclass(frozen=True)
class Said:
    """One message that is to be: which text, in which language, when."""

    theme: dict[str, Any]
    content: NewFeedback
    at: datetime


def add_needs(
    planned: Planned, activities: list[Activity], places: dict[str, Place], cast: Cast, stage: Stage
) -> list[Need]:
    """Needs as people ranked them half a year ago, some answered, some met by their word, one refused."""
    project, manager = planned.project, cast.manager
    group = add_group(project=project, titles={"en": "People of the project", "el": "Άνθρωποι του έργου"}, by=manager)
    place = places[planned.text["places"][0]]
    specs = planned.text["needs"]
    needs = [
        record_need(
            project=project,
            titles=one["t"],
            place=place,
            group=group,
            indicators=[planned.indicators[code] for code in one.get("shown_by", ())],
            by=manager,
        )
        for one in specs
    ]
    answering = sum(one["first"] for one in specs)
    answering = max(answering, max(one["people"] for one in specs))
    hold_round(
        project=project,
        held_on=stage.day - timedelta(days=165),
        method="Each person put three needs in order, with stones or on paper.",
        people_asked=round(answering * 1.25),
        people_answering=answering,
        ranks=[Ranked(need, one["people"], one["first"]) for need, one in zip(needs, specs, strict=True)],
        place=place,
        by=manager,
    )
    for need, one in zip(needs, specs, strict=True):
        need.refresh_from_db()
        _bring(need, one["state"], activities, cast)
    return needs


def _bring(need: Need, state: str, activities: list[Activity], cast: Cast) -> None:
    if state in (NeedState.ANSWERED, NeedState.MET):
        answer_need(need=need, activity=activities[1], by=cast.manager)
    if state == NeedState.MET:
        confirm_needs(need=need, way="panel", voices=[(str(n), True) for n in range(PEOPLE)], by=cast.manager)
    if state == NeedState.REFUSED:
        refuse_need(need=need, reason=REFUSED_BECAUSE, by=cast.manager)


def add_decisions(
    planned: Planned, needs: Sequence[Need], activities: list[Activity], cast: Cast, stage: Stage
) -> None:
    """What was decided about needs, and what changed."""
    told = [(need, one) for need, one in zip(needs, planned.text["needs"], strict=True) if "decided" in one]
    for number, (need, one) in enumerate(told):
        decided = one["decided"]
        record_decision(
            project=planned.project,
            need=need,
            you_said=need.titles,
            outcome=Outcome(decided["outcome"]),
            reason=decided["reason"]["en"],
            reasons=decided["reason"],
            we_changed=decided["changed"],
            activity=activities[1] if decided["outcome"] != Outcome.NO else None,
            people=one["people"],
            decided_on=stage.day - timedelta(days=130 - 35 * number),
            by=cast.manager,
        )


def _messages(planned: Planned, count: int, places: dict[str, Place], stage: Stage) -> list[Said]:
    chance = stage.chance(f"voices {planned.project.code}")
    end = stage.now + min(planned.ends_on - stage.day, timedelta(0))
    return [_message(planned, places, chance, end) for _ in range(count)]


def _message(planned: Planned, places: dict[str, Place], chance: Random, end: datetime) -> Said:
    theme = chance.choice(texts("voices"))
    language = chance.choices(list(LANGUAGES), weights=list(LANGUAGES.values()))[0]
    content = NewFeedback(
        text=theme["text"][language],
        language=language,
        channel=chance.choices(list(CHANNELS), weights=list(CHANNELS.values()))[0],
        place=places[chance.choice(planned.text["places"])],
        sex=chance.choices(["female", "male", "not_stated"], weights=[55, 35, 10])[0],
        age_band=chance.choice(["18-24", "25-39", "25-39", "40-64", "40-64", "65+", "not_stated"]),
        may_quote=chance.random() < 0.5,
    )
    return Said(theme, content, end - timedelta(minutes=chance.randrange(60, 300 * 24 * 60)))


def add_messages(
    planned: Planned,
    needs: Sequence[Need],
    places: dict[str, Place],
    count: int,
    receipts: int,
    cast: Cast,
    stage: Stage,
) -> None:
    """Messages of the last ten months, coded and mostly answered; the first `receipts` of them with a receipt."""
    said = _messages(planned, count, places, stage)
    form = service_account("public-form")
    rows: list[Feedback] = []
    for one in said[:receipts]:
        received = receive_feedback(project=planned.project, content=one.content, at=one.at, by=form)
        rows += [received.feedback] if received.feedback else []
    rows += receive_many(project=planned.project, rows=[(one.content, one.at) for one in said[receipts:]], by=form)
    chance = stage.chance(f"answers {planned.project.code}")
    worked = [_worked(feedback, one, needs, cast, stage.now, chance) for feedback, one in zip(rows, said, strict=True)]
    work_on_many(rows=[one for one in worked if one is not None], by=cast.officer)


def _worked(
    feedback: Feedback, said: Said, needs: Sequence[Need], cast: Cast, now: datetime, chance: Random
) -> Worked | None:
    days = chance.choices([1, 2, 3, 4, 6, 9, 13], weights=[14, 20, 20, 18, 14, 8, 6])[0]
    answered_at = said.at + timedelta(days=days, hours=chance.randrange(1, 8))
    is_new = said.at > now - timedelta(days=12)
    waits = answered_at > now or (is_new and chance.random() < 0.3)
    if waits and chance.random() < 0.6:
        return None
    theme = said.theme
    changes: dict[str, Any] = {
        "kind": theme["kind"],
        "need": needs[min(theme["need"], len(needs) - 1)],
        "assigned_to": cast.officer if is_new and chance.random() < 0.5 else None,
        "paraphrase": theme["en"],
    }
    if said.content.language != "en":
        changes["translation"] = theme["en"]
    if waits:
        return Worked(feedback, changes)
    language = "el" if said.content.language == "el" else "en"
    return Worked(feedback, changes, theme["answer"][language], language, answered_at)
