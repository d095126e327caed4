"""The directory of organisations; entering one, changing one, and who belongs to it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm, model_to_dict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.accounts.choices import UserKind
from kmop.shared.access import SIGNED_IN, ask
from kmop.shared.countries import country_name
from kmop.shared.errors import Sentence
from kmop.shared.tables import Column, Link
from kmop.shared.views import ActView, ChangesRow, FormPage, ListPage
from partners.filters import DirectoryFilter, MemberFilter
from partners.forms.organisations import MembershipForm, OrganisationForm
from partners.models import Membership, Organisation
from partners.services import organisations
from partners.views.part import OfOrganisation


class DirectoryView(ListPage):
    """Organisations of every sector."""

    permission = SIGNED_IN
    title = gettext_lazy("Partners")
    filterset_class = DirectoryFilter
    default_sort = "name"
    export_name = "partners"
    empty_title = gettext_lazy("No organisation yet.")
    columns = (
        Column("name", gettext_lazy("Name"), lambda row: row.name, ("name",)),
        Column("code", gettext_lazy("Code"), lambda row: row.code, ("code",)),
        Column("sector", gettext_lazy("Sector"), lambda row: row.get_sector_display(), ("sector", "name")),
        Column(
            "countries",
            gettext_lazy("Countries"),
            lambda row: ", ".join(country_name(one.country) for one in row.countries.all()),
        ),
        Column("iati", gettext_lazy("IATI identifier"), lambda row: row.iati_identifier, ("iati_identifier",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those the person may know of."""
        rows: QuerySet[Any] = Organisation.objects.visible_to(self.me).prefetch_related("countries")
        return rows

    def row_url(self, row: Any) -> str:
        """To its page."""
        return f"/partners/{row.pk}/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the buttons."""
        may = ask(self.me, "partners.create_organisation")
        new = {
            "label": _("Enter an organisation"),
            "url": "/partners/new/",
            "icon": "plus",
            "kind": "main",
            "refused": "" if may else str(may.reason),
            "id": "new",
        }
        offers = {"label": _("Offers"), "url": "/partners/offers/", "icon": "gift"}
        return super().get_context_data(acts=[offers, new], **kwargs)


class NewOrganisationView(FormPage):
    """Enter an organisation."""

    permission = "partners.create_organisation"
    template_name = "partners/form.html"
    form_class = OrganisationForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words of the form."""
        words = {"heading": _("A new organisation"), "submit": _("Enter it"), "back_url": "/partners/"}
        return super().get_context_data(**words, **kwargs)

    def save(self, form: Any) -> str:
        """Call the service."""
        made = organisations.create_organisation(by=self.me, **form.facts())
        messages.success(self.request, _("The organisation was entered."))
        return f"/partners/{made.pk}/"


class ChangeOrganisationView(OfOrganisation, ChangesRow):
    """Change the data of an organisation."""

    permission = "partners.change_organisation"
    template_name = "partners/form.html"
    form_class = OrganisationForm

    def versioned(self) -> Organisation:
        """The organisation."""
        return self.organisation

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        initial = model_to_dict(self.organisation)
        initial["countries"] = [one.country for one in self.organisation.countries.all()]
        return {"initial": initial}

    def get_form(self, **given: Any) -> BaseForm:
        """The code stays."""
        form = super().get_form(**given)
        form.fields["code"].disabled = True
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words of the form."""
        words = {"heading": _("Change the data"), "submit": _("Save"), "back_url": self.base}
        return super().get_context_data(organisation=self.organisation, **words, **kwargs)

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        del changes["code"]
        version = changes.pop("version")
        organisations.change_organisation(
            organisation=self.organisation, expected_version=version, by=self.me, **changes
        )
        messages.success(self.request, _("The change was saved."))
        return self.base


class MembersView(OfOrganisation, ListPage):
    """Who belongs to an organisation."""

    permission = "partners.see_members"
    template_name = "partners/list.html"
    title = gettext_lazy("Members")
    filterset_class = MemberFilter
    default_sort = "name"
    export_name = "members"
    empty_title = gettext_lazy("Nobody belongs to it yet.")
    columns = (
        Column("name", gettext_lazy("Name"), lambda row: str(row.user), ("user__name",)),
        Column("email", gettext_lazy("E-mail"), lambda row: row.user.email, ("user__email",)),
        Column("role", gettext_lazy("Role"), lambda row: row.get_role_display(), ("role",)),
        Column("since", gettext_lazy("Since"), lambda row: row.created_at.date(), ("created_at",)),
        Column("active", gettext_lazy("Account is live"), lambda row: row.user.is_active, ("user__is_active",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The people of this organisation; systems have a page of their own."""
        rows = Membership.objects.filter(organisation=self.organisation, user__kind=UserKind.PERSON)
        return rows.select_related("user")

    def row_url(self, row: Any) -> str:
        """To the question whether it ends."""
        return f"{self.base}members/{row.pk}/" if self._may_manage else ""

    @cached_property
    def _may_manage(self) -> bool:
        return bool(ask(self.me, "partners.manage_memberships", self.organisation))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the organisation and the button."""
        label, url = _("Add a member"), f"{self.base}members/new/"
        acts = [self.act_button(label, url, "partners.manage_memberships", icon="user-plus", kind="main")]
        return super().get_context_data(organisation=self.organisation, acts=acts, **kwargs)

    def empty_action(self) -> Link | None:
        """Add the first one."""
        return Link(_("Add a member"), f"{self.base}members/new/") if self._may_manage else None


class GrantMembershipView(OfOrganisation, FormPage):
    """Let a person belong to the organisation."""

    permission = "partners.manage_memberships"
    template_name = "partners/form.html"
    form_class = MembershipForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words of the form."""
        words = {"heading": _("Add a member"), "submit": _("Add"), "back_url": f"{self.base}members/"}
        return super().get_context_data(organisation=self.organisation, **words, **kwargs)

    def save(self, form: Any) -> str:
        """Call the service."""
        user, role = form.cleaned_data["email"], form.cleaned_data["role"]
        organisations.grant_membership(user=user, organisation=self.organisation, role=role, by=self.me)
        messages.success(self.request, _("%(name)s belongs to the organisation now.") % {"name": user})
        return f"{self.base}members/"


class OneMember(OfOrganisation):
    """Mixin: the membership of the address, of this organisation."""

    @cached_property
    def membership(self) -> Membership:
        """The membership."""
        rows = Membership.objects.filter(organisation=self.organisation).select_related("user", "organisation")
        return get_object_or_404(rows, pk=self.kwargs["row"])


class MemberView(OneMember, FormPage):
    """A member: another role, or none any more."""

    permission = "partners.manage_memberships"
    template_name = "partners/member.html"
    form_class = MembershipForm

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        return {"initial": {"email": self.membership.user.email, "role": self.membership.role}}

    def get_form(self, **given: Any) -> BaseForm:
        """The person stays."""
        form = super().get_form(**given)
        form.fields["email"].disabled = True
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words of the form."""
        words = {"heading": str(self.membership.user), "submit": _("Save"), "back_url": f"{self.base}members/"}
        return super().get_context_data(organisation=self.organisation, member=self.membership, **words, **kwargs)

    def save(self, form: Any) -> str:
        """Call the service; granting again replaces the role."""
        user, role = self.membership.user, form.cleaned_data["role"]
        organisations.grant_membership(user=user, organisation=self.organisation, role=role, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return f"{self.base}members/"


class WithdrawMembershipView(OneMember, ActView):
    """End a membership."""

    permission = "partners.manage_memberships"

    def act(self) -> Sentence:
        """Call the service."""
        name = str(self.membership.user)
        organisations.withdraw_membership(membership=self.membership, by=self.me)
        return _("%(name)s does not belong to the organisation any more.") % {"name": name}

    def next_url(self) -> str:
        """Back to the members."""
        return f"{self.base}members/"
