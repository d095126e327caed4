"""Pages about users: the invitation's own page, and the portal administrator's list of people."""

from typing import Any

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kmop.accounts import services
from kmop.accounts.choices import PortalRole
from kmop.accounts.filters import UserFilter
from kmop.accounts.forms import DeactivateForm, InvitationForm, JoinForm
from kmop.accounts.models import User
from kmop.accounts.queries import find_user
from kmop.shared.errors import RuleBroken, Sentence
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views.base import ActView, FormPage, PortalView, PublicView, add_errors
from kmop.shared.views.lists import ListPage

MODEL_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _state(user: User) -> Badge:
    if not user.is_active:
        return Badge(_("Ended"), "", "ban")
    if user.is_service:
        return Badge(_("Service account"), "info", "settings")
    return Badge(_("Active"), "ok", "check") if user.has_usable_password() else Badge(_("Invited"), "warn", "clock")


def _roles(user: User) -> str:
    return ", ".join(str(PortalRole(grant.role).label) for grant in user.role_grants.all())


class UserListView(ListPage):
    """Everybody who may sign in, and the service accounts."""

    permission = "accounts.manage_users"
    title = _("Users")
    filterset_class = UserFilter
    default_sort = "name"
    export_name = "users"
    empty_title = _("Nobody matches.")
    columns = (
        Column("name", _("Name"), lambda user: user.name, sort=("name", "id")),
        Column("email", _("E-mail"), lambda user: user.email, sort=("email",)),
        Column("roles", _("Portal-wide roles"), _roles),
        Column("state", _("State"), _state),
        Column("created", _("Since"), lambda user: user.created_at.date(), sort=("created_at", "id")),
    )

    def get_queryset(self) -> "QuerySet[User]":
        """All users with their roles."""
        return User.objects.prefetch_related("role_grants")

    def row_url(self, row: Any) -> str:
        """The user's own page."""
        return reverse("accounts:user", args=[row.pk])

    def empty_action(self) -> Link | None:
        """Invite somebody."""
        return Link(_("Invite somebody"), reverse("accounts:invite"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the page's main act."""
        return super().get_context_data(main_action=Link(_("Invite somebody"), reverse("accounts:invite")), **kwargs)


class InviteView(FormPage):
    """Invite somebody with portal-wide roles."""

    permission = "accounts.manage_users"
    form_class = InvitationForm
    template_name = "accounts/invite.html"

    def save(self, form: Any) -> str:
        """Invite; on to the person's page."""
        data = form.cleaned_data
        user, _link = services.invite(
            email=data["email"],
            name=data["name"],
            language=data["language"],
            roles=tuple(PortalRole(role) for role in data["roles"]),
            by=self.me,
        )
        return reverse("accounts:user", args=[user.pk])


class OneUser:
    """The user that the address names."""

    kwargs: dict[str, Any]

    @cached_property
    def person(self) -> User:
        """Or 404."""
        return get_object_or_404(User, pk=self.kwargs["pk"])


class UserView(OneUser, PortalView):
    """One user: roles, state, ending the account."""

    permission = "accounts.manage_users"
    template_name = "accounts/user.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Roles with whether they are held."""
        held = self.person.portal_roles
        roles = [{"value": value, "label": label, "held": value in held} for value, label in PortalRole.choices]
        return super().get_context_data(
            person=self.person, state=_state(self.person), roles=roles, form=DeactivateForm(), **kwargs
        )


class RoleView(OneUser, ActView):
    """Grant or withdraw one portal-wide role."""

    permission = "accounts.manage_users"

    def act(self) -> Sentence:
        """By `role` and `held` (1 to grant)."""
        if self.request.POST.get("role") not in PortalRole.values:
            raise Http404
        role = PortalRole(self.request.POST["role"])
        if self.request.POST.get("held") == "1":
            services.grant_role(user=self.person, role=role, by=self.me)
            return _("The role was given.")
        services.withdraw_role(user=self.person, role=role, by=self.me)
        return _("The role was taken away.")

    def next_url(self) -> str:
        """Back to the person."""
        return reverse("accounts:user", args=[self.person.pk])


class DeactivateView(OneUser, ActView):
    """End an account."""

    permission = "accounts.manage_users"

    def act(self) -> Sentence:
        """Open work goes to the person named."""
        named = self.request.POST.get("to", "").strip()
        successor = find_user(named) if named else None
        if named and successor is None:
            raise RuleBroken(_("Nobody has the address %(email)s.") % {"email": named})
        services.deactivate(user=self.person, to=successor, by=self.me)
        return _("The account was ended.")

    def next_url(self) -> str:
        """Back to the person."""
        return reverse("accounts:user", args=[self.person.pk])


class ReactivateView(OneUser, ActView):
    """Let somebody sign in again."""

    permission = "accounts.manage_users"

    def act(self) -> Sentence:
        """Undo of ending an account."""
        services.reactivate(user=self.person, by=self.me)
        return _("The account is active again.")

    def next_url(self) -> str:
        """Back to the person."""
        return reverse("accounts:user", args=[self.person.pk])


class ResendView(OneUser, ActView):
    """Send the invitation again."""

    permission = "accounts.manage_users"

    def act(self) -> Sentence:
        """Older links end."""
        services.resend_invitation(user=self.person, by=self.me)
        return _("The invitation goes out again.")

    def next_url(self) -> str:
        """Back to the person."""
        return reverse("accounts:user", args=[self.person.pk])


class InvitationView(PublicView):
    """Where the invited person chooses name and password; she is signed in then."""

    template_name = "accounts/join.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form, or a sentence where the link has ended."""
        invitation = services.find_invitation(kwargs["token"])
        form = JoinForm(initial={"name": invitation.user.name}) if invitation else None
        context = self.get_context_data(form=form, person=invitation.user if invitation else None)
        return self.render_to_response(context, status=200 if invitation else 410)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Accept, sign in, go home."""
        form = JoinForm(request.POST)
        invitation = services.find_invitation(kwargs["token"])
        if invitation is None:
            return self.get(request, *args, **kwargs)
        if form.is_valid():
            try:
                user = services.accept_invitation(token=kwargs["token"], **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            except RuleBroken as error:
                form.add_error(None, str(error.message))
            else:
                login(request, user, backend=MODEL_BACKEND)
                return redirect("/home/")
        return self.render_to_response(self.get_context_data(form=form, person=invitation.user), status=422)
