"""The base views of all pages but lists. A class in between that no address uses says `abstract = True` of itself."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, ImproperlyConfigured, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import View
from django.views.generic.base import ContextMixin, TemplateResponseMixin
from django_htmx.http import HttpResponseClientRedirect

from kmop.shared.access import PUBLIC, require
from kmop.shared.errors import DomainError, NotAllowed, Sentence
from kmop.shared.tables import Link

OWN_NAMES = {
    "en": "English",
    "el": "Ελληνικά",
    "ar": "العربية",
    "uk": "Українська",
    "fr": "Français",
    "fa": "فارسی",
}


class GuardedView(TemplateResponseMixin, ContextMixin, View):
    """Deny by default: a class that declares no permission can't be made."""

    abstract: ClassVar[bool] = True
    permission: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls.__dict__.get("abstract", False):
            cls.abstract = False
            if not cls.permission:
                raise ImproperlyConfigured(f"{cls.__module__}.{cls.__name__} must declare its permission")

    @property
    def me(self) -> Any:
        """Who asks. The basement does not know the user's class; services do."""
        return self.request.user

    def permission_object(self) -> Any:
        """What the permission is asked about; None where the rule needs no object."""
        return None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask the rule, then answer. A refusal is a page with its reason."""
        if self.abstract:
            raise ImproperlyConfigured(f"{type(self).__name__} is a base class, not a page")
        try:
            require(request.user, self.permission, self.permission_object())
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as refusal:
            return render(request, "403.html", {"reason": refusal.message}, status=403)


class PortalView(GuardedView):
    """A page of the signed-in frame. Nobody signed in: to the sign-in page and back."""

    abstract = True
    keeps_language = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who isn't signed in to the sign-in page."""
        if not request.user.is_authenticated:
            return redirect_to_login(
                request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
            )
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page."""
        return self.render_to_response(self.get_context_data(**kwargs))


class FormPage(PortalView):
    """A page with one form. `save` calls the service and says where to go next; what it refuses stands at the field."""

    abstract = True
    form_class: ClassVar[type[BaseForm]]

    def get_form(self, **given: Any) -> BaseForm:
        """The form, empty or with what was sent."""
        return self.form_class(**given, **self.form_options())

    def form_options(self) -> dict[str, Any]:
        """More arguments for the form (`initial`, choices it needs)."""
        return {}

    def save(self, form: Any) -> str:
        """Do the act with the valid form; returns the address of the next page."""
        raise NotImplementedError

    def refusal(self, form: Any, error: DomainError) -> Sentence:
        """Why the act was refused, in words above the form."""
        return error.message

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, unless one with errors is given."""
        kwargs.setdefault("form", None)
        kwargs["form"] = kwargs["form"] or self.get_form()
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check, save, go on; or show the form again with what is wrong (422)."""
        form = self.get_form(data=request.POST, files=request.FILES)
        if form.is_valid():
            try:
                return redirect(self.save(form))
            except ValidationError as error:
                add_errors(form, error)
            except DomainError as error:
                form.add_error(None, str(self.refusal(form, error)))
        return self.render_to_response(self.get_context_data(form=form, **kwargs), status=422)


class ActView(PortalView):
    """One act by POST: `act` calls one service and returns what happened, in words; then back to the page."""

    abstract = True
    http_method_names = ["post", "options"]

    def act(self) -> Sentence:
        """Call the service; returns a sentence for the person (may be empty)."""
        raise NotImplementedError

    def next_url(self) -> str:
        """Where to go when the form names no `next`."""
        return settings.LOGIN_REDIRECT_URL

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it and say so; a refusal becomes a message with its reason, and nothing is saved."""
        try:
            said = self.act()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            if said:
                messages.success(request, str(said))
        return self._go_on(request)

    def _go_on(self, request: HttpRequest) -> HttpResponse:
        wished = request.POST.get("next", "")
        url = wished if is_own_address(request, wished) else self.next_url()
        return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)


class PublicView(GuardedView):
    """A page for everybody: no session is opened and no cookie set; `?language=` goes along in every link."""

    abstract = True
    permission = PUBLIC
    speaks_public_languages = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page."""
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `languages`: the page's links to itself in each language."""
        kwargs["languages"] = language_links(self.request, settings.PUBLIC_LANGUAGES)
        return super().get_context_data(**kwargs)


def language_links(request: HttpRequest, codes: Sequence[str]) -> list[Link]:
    """A link to this very page in each language, named in that language."""
    links = []
    for code in codes:
        query = request.GET.copy()
        query["language"] = code
        current = code == getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        links.append(Link(OWN_NAMES.get(code, code), f"{request.path}?{query.urlencode()}", current, code=code))
    return links


def is_own_address(request: HttpRequest, address: str) -> bool:
    """Does this address stay on our own host?"""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def add_errors(form: BaseForm, error: ValidationError) -> None:
    """Put a service's field errors where they belong; what the form has no field for is told above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        if name in form.fields:
            form.add_error(name, errors)
        else:
            told = [] if name == NON_FIELD_ERRORS else [name]
            form.add_error(None, ": ".join([*told, *(message for each in errors for message in each.messages)]))


def page_of_refusal(request: HttpRequest, reason: Sentence = "") -> HttpResponse:
    """The 403 page, for views of other packages."""
    return render(request, "403.html", {"reason": reason or _("You may not do this.")}, status=403)
