"""API clients of an organisation: its own systems that speak to the portal."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared import formats
from kmop.shared.errors import DomainError, Sentence
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views import ActView, FormPage, ListPage, PortalView, add_errors
from partners.filters import ClientFilter
from partners.forms.clients import ClientForm
from partners.models import ApiClient
from partners.services import api_clients
from partners.views.part import OfOrganisation

PERMISSION = "partners.manage_api_clients"


def client_badge(client: ApiClient) -> Badge:
    """Live, revoked, or past its last day."""
    if client.revoked_at:
        return Badge(_("Revoked"), "", "ban")
    if client.expires_at and client.expires_at <= timezone.now():
        return Badge(_("Expired"), "warn", "calendar-x")
    return Badge(_("Live"), "ok", "key-round")


class ClientsView(OfOrganisation, ListPage):
    """The API clients of an organisation, with their last use and their last day."""

    permission = PERMISSION
    template_name = "partners/list.html"
    title = gettext_lazy("API clients")
    filterset_class = ClientFilter
    default_sort = "name"
    export_name = "api-clients"
    empty_title = gettext_lazy("No system speaks to the portal yet.")
    empty_text = gettext_lazy("A client is a system of yours that sends figures by itself. Its token is shown once.")
    columns = (
        Column("name", gettext_lazy("Name"), lambda row: row.name, ("name",)),
        Column("state", gettext_lazy("State"), client_badge),
        Column("hint", gettext_lazy("Token begins"), lambda row: f"{row.token_hint}…"),
        Column("scopes", gettext_lazy("May do"), lambda row: ", ".join(row.scopes)),
        Column("last_used_at", gettext_lazy("Last used"), lambda row: row.last_used_at, ("last_used_at",)),
        Column("expires_at", gettext_lazy("Last day"), lambda row: _day(row), ("expires_at",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those of this organisation."""
        rows: QuerySet[Any] = ApiClient.objects.visible_to(self.me).filter(organisation=self.organisation)
        return rows

    def row_url(self, row: Any) -> str:
        """To the client."""
        return f"{self.base}api-clients/{row.pk}/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the organisation and the buttons."""
        acts = [
            {"label": _("How the API works"), "url": "/api/v1/docs/", "icon": "book-open"},
            {"label": _("Make a client"), "url": f"{self.base}api-clients/new/", "icon": "plus", "kind": "main"},
        ]
        return super().get_context_data(organisation=self.organisation, acts=acts, **kwargs)

    def empty_action(self) -> Link:
        """Make the first one."""
        return Link(_("Make a client"), f"{self.base}api-clients/new/")


def _day(client: ApiClient) -> object:
    return client.expires_at and timezone.localtime(client.expires_at).date()


class NewClientView(OfOrganisation, FormPage):
    """Make a client; its token is shown on the page that answers, and never again."""

    permission = PERMISSION
    template_name = "partners/form.html"
    form_class = ClientForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words of the form."""
        words = {"heading": _("A new API client"), "submit": _("Make it"), "back_url": f"{self.base}api-clients/"}
        return super().get_context_data(organisation=self.organisation, **words, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check, make, show the token; or show the form again with what is wrong."""
        form: Any = self.get_form(data=request.POST)
        if form.is_valid():
            said = form.cleaned_data
            try:
                client, token = api_clients.create_api_client(
                    organisation=self.organisation,
                    name=said["name"],
                    scopes=said["scopes"],
                    expires_at=said["expires_on"],
                    networks=said["networks"],
                    by=self.me,
                )
            except ValidationError as error:
                add_errors(form, error)
            except DomainError as error:
                form.add_error(None, str(error.message))
            else:
                return show_token(self, client, token)
        return self.render_to_response(self.get_context_data(form=form, **kwargs), status=422)


def show_token(view: Any, client: ApiClient, token: str) -> HttpResponseBase:
    """The page with the token, kept by no cache."""
    view.template_name = "partners/token.html"
    context = {
        "title": _("The token of %(name)s") % {"name": client.name},
        "organisation": view.organisation,
        "client": client,
        "token": token,
        "back_url": f"{view.base}api-clients/",
        "form": None,
    }
    answer = view.render_to_response(context)
    answer["Cache-Control"] = "no-store"
    found: HttpResponseBase = answer
    return found


class OneClient(OfOrganisation):
    """Mixin: the client of the address, of this organisation."""

    @cached_property
    def client(self) -> ApiClient:
        """The client."""
        rows = ApiClient.objects.visible_to(self.user).filter(organisation=self.organisation)
        found: ApiClient = get_object_or_404(rows.select_related("organisation"), pk=self.kwargs["row"])
        return found

    @property
    def back_url(self) -> str:
        """To the list."""
        return f"{self.base}api-clients/"


class ClientView(OneClient, PortalView):
    """One client: what it may do, and how it ends."""

    permission = PERMISSION
    template_name = "partners/client.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its facts."""
        client = self.client
        used = formats.moment(client.last_used_at) if client.last_used_at else _("never")
        said = [
            (_("May do"), ", ".join(client.scopes)),
            (_("From which networks"), ", ".join(client.networks) or _("from everywhere")),
            (_("Token begins"), f"{client.token_hint}…"),
            (_("Last used"), used),
            (_("Last day"), formats.day(client.expires_at) if client.expires_at else _("none")),
            (_("Made on"), formats.day(client.created_at)),
        ]
        return super().get_context_data(
            organisation=self.organisation,
            client=client,
            badge=client_badge(client),
            data=[{"label": label, "text": text} for label, text in said],
            **kwargs,
        )


class ReplaceTokenView(OneClient, PortalView):
    """Another token; the one before ends at once."""

    permission = PERMISSION
    http_method_names = ["post", "options"]
    template_name = "partners/token.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Replace it and show it once."""
        try:
            token = api_clients.replace_token(client=self.client, by=self.me)
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect(self.back_url)
        return show_token(self, self.client, token)


class RevokeClientView(OneClient, ActView):
    """End a client for good."""

    permission = PERMISSION

    def act(self) -> Sentence:
        """Call the service."""
        api_clients.revoke_api_client(client=self.client, by=self.me)
        return _("%(name)s can't speak to the portal any more.") % {"name": self.client.name}

    def next_url(self) -> str:
        """Back to the list."""
        return self.back_url
