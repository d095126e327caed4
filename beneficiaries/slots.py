"""What pages of projects show of voices: beside a figure that is entered or reviewed, and in the tree of results."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from beneficiaries.choices import FeedbackKind
from beneficiaries.queries.beside import beside, need_links
from beneficiaries.queries.needs import RankedNeed, ranked_needs
from beneficiaries.views.rows import near_lines, quote_lines
from kmop.shared.access import ask
from kmop.shared.slots import fills
from kmop.shared.tables import Link
from projects.models import Indicator, Place, Project


@fills("projects.beside_figure")
def beside_figure(*, indicator: Indicator, place: Place | None, user: Any) -> SafeString | None:
    """The part of a page that says what people need and said about an indicator; None for who may not see needs."""
    project = indicator.project
    if not ask(user, "beneficiaries.view_needs", project):
        return None
    said = beside(indicator, place=place, user=user)
    url = reverse("beneficiaries:project-voices", args=[project.pk])
    context = {
        "is_linked": said.is_linked,
        "needs": near_lines(said.needs, url),
        "quotes": quote_lines(said.quotes),
        "messages": sum(said.messages.values()),
        "messages_url": f"{reverse('beneficiaries:voices')}?tab=all&project={project.pk}",
        "kinds": _kind_words(said.messages),
        "url": url,
    }
    return render_to_string("beneficiaries/beside_figure.html", context)


def _kind_words(messages: dict[str, int]) -> str:
    """Thanks 6, Request 3; what is not coded yet is left out."""
    told = sorted(((-n, str(FeedbackKind(kind).label)) for kind, n in messages.items() if kind))
    return ", ".join(f"{label} {-n}" for n, label in told)


@fills("projects.needs_answered")
def needs_answered(*, project: Project, user: Any) -> dict[str, dict[int, Link]] | None:
    """By "indicators" and "results" and their ids: which needs they answer, in words, linked to the first of them.

    Six statements; None for who may not see needs.
    """
    if not ask(user, "beneficiaries.view_needs", project):
        return None
    ranked, links = ranked_needs(project), need_links(project)
    url = reverse("beneficiaries:project-voices", args=[project.pk])

    def words(answered: dict[int, set[int]], say: Any) -> dict[int, Link]:
        chosen = {pk: [one for one in ranked if one.need.pk in needs] for pk, needs in answered.items()}
        return {pk: Link(say(needs), f"{url}#need-{needs[0].need.pk}") for pk, needs in chosen.items()}

    return {
        "indicators": words(links.by_indicator, _by_rank),
        "results": words(links.by_result, _by_number),
    }


def _by_rank(needs: list[RankedNeed]) -> str:
    """Needs 1, 4; one that nobody ranked yet is counted only."""
    ranks = [str(one.rank) for one in needs if one.rank is not None]
    if len(ranks) < len(needs):
        return _by_number(needs)
    return ngettext("Need %(ranks)s", "Needs %(ranks)s", len(ranks)) % {"ranks": ", ".join(ranks)}


def _by_number(needs: list[RankedNeed]) -> str:
    return ngettext("%(n)d need", "%(n)d needs", len(needs)) % {"n": len(needs)}
