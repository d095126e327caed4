"""The page of an organisation: who it is, its people, its projects, what it offers."""

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from kmop.shared import formats
from kmop.shared.access import SIGNED_IN, ask
from kmop.shared.acts import told_once
from kmop.shared.countries import country_name
from kmop.shared.views import PortalView
from partners.choices import OFFER_BADGES, OfferState
from partners.models import Membership, Offer, Organisation
from projects.models import Partnership, Project
from projects.queries.frame import project_name, status_badge

SHOWN = 10


class OrganisationView(PortalView):
    """One organisation with the projects and offers that the reader may see."""

    permission = SIGNED_IN
    template_name = "partners/organisation.html"

    @cached_property
    def organisation(self) -> Organisation:
        """The organisation, if this person may know of it."""
        found: Organisation = get_object_or_404(Organisation.objects.visible_to(self.me), pk=self.kwargs["pk"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Data, people, projects, offers, and the buttons."""
        one = self.organisation
        may_see = ask(self.me, "partners.see_members", one)
        return super().get_context_data(
            title=one.name,
            organisation=one,
            facts=self._facts(),
            acts=told_once(self._acts()),
            data=self._data(),
            members=self._members() if may_see else [],
            members_refused="" if may_see else str(may_see.reason),
            projects=self._projects(),
            offers=self._offers(),
            **kwargs,
        )

    def _facts(self) -> list[dict[str, str]]:
        one = self.organisation
        countries = ", ".join(country_name(each.country) for each in one.countries.all())
        said = [
            {"icon": "hash", "text": one.code},
            {"icon": "building-2", "text": str(one.get_sector_display())},
            {"icon": "map-pin", "text": countries},
        ]
        return [fact for fact in said if fact["text"]]

    def _acts(self) -> list[dict[str, Any]]:
        url = f"/partners/{self.organisation.pk}/"
        return [
            self._button(_("API clients"), f"{url}api-clients/", "partners.manage_api_clients", icon="key-round"),
            self._button(_("Members"), f"{url}members/", "partners.manage_memberships", icon="users"),
            self._button(_("Change"), f"{url}change/", "partners.change_organisation", icon="pencil-line", kind="main"),
        ]

    def _button(self, label: str, url: str, rule: str, **more: str) -> dict[str, Any]:
        verdict = ask(self.me, rule, self.organisation)
        return {"label": label, "url": url, "refused": "" if verdict else str(verdict.reason), "id": rule[9:], **more}

    def _data(self) -> list[dict[str, str]]:
        one = self.organisation
        said = [
            (_("Name in other languages"), ", ".join(text for text in one.names.values() if text != one.name)),
            (_("What it does"), one.description),
            (_("IATI organisation type"), one.get_iati_type_display() if one.iati_type else ""),
            (_("IATI identifier"), one.iati_identifier),
        ]
        return [{"label": label, "text": text} for label, text in said if text]

    def _members(self) -> list[dict[str, str]]:
        rows = Membership.objects.filter(organisation=self.organisation).select_related("user").order_by("user__name")
        people = [one for one in rows if one.user.is_active and not one.user.is_service]
        return [{"name": str(one.user), "role": str(one.get_role_display())} for one in people]

    def _projects(self) -> list[dict[str, Any]]:
        rows = Partnership.objects.filter(
            organisation=self.organisation, project__in=Project.objects.visible_to(self.me)
        ).select_related("project")
        return [
            {
                "badge": status_badge(one.project.status),
                "title": f"{one.project.code} {project_name(one.project)}",
                "url": f"/projects/{one.project_id}/",
                "sub": str(one.get_role_display()),
            }
            for one in rows.order_by("project__code", "pk")
        ]

    def _offers(self) -> list[dict[str, Any]]:
        rows = Offer.objects.visible_to(self.me).filter(organisation=self.organisation)[:SHOWN]
        return [
            {
                "badge": OFFER_BADGES[OfferState(one.state)],
                "title": one.title,
                "url": f"/partners/offers/{one.pk}/",
                "sub": " · ".join(filter(None, [str(one.get_kind_display()) if one.kind else "", _until(one)])),
            }
            for one in rows
        ]


def _until(offer: Offer) -> str:
    return _("until %(day)s") % {"day": formats.day(offer.ends_on)} if offer.ends_on else ""
