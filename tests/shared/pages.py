"""Small pages for the tests of the base views."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import translation

from kmop.accounts.models import User
from kmop.shared.access import ALLOWED, Verdict, refused, rule
from kmop.shared.errors import RuleBroken, Sentence
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views import SIGNED_IN, ActView, FormPage, ListPage, PortalView, PublicView


@rule("shared.test_pages")
def may_open_test_pages(user: Any, obj: Any) -> Verdict:
    """Everybody whose name is not Dora."""
    return refused("Dora is a stranger.") if user.name == "Dora" else ALLOWED


class UserFilter(django_filters.FilterSet):  # type: ignore[misc]
    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Search")
    language = django_filters.ChoiceFilter(
        choices=[("en", "English"), ("el", "Greek")], label="Language of the account"
    )
    speaks = django_filters.ChoiceFilter(
        field_name="language", choices=[("en", "English"), ("el", "Greek")], label="Speaks"
    )


class PeoplePage(ListPage):
    permission = "shared.test_pages"
    title = "People"
    filterset_class = UserFilter
    default_sort = "name"
    page_size = 2
    export_name = "people"
    empty_title = "Nobody yet."
    columns: Sequence[Column] = (
        Column("name", "Name", lambda user: user.name, ("name",)),
        Column("language", "Language", lambda user: Badge(user.language, "info"), ("language", "-name")),
        Column("number", "Letters", lambda user: len(user.name), numeric=True),
        Column("joined", "Joined", lambda user: user.created_at.date(), export=lambda user: None),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return User.objects.all()

    def row_url(self, row: Any) -> str:
        return f"/people/{row.name}/"

    def empty_action(self) -> Link:
        return Link("Invite somebody", "/invite/")


class BarePage(ListPage):
    permission = SIGNED_IN
    columns = (Column("name", "Name", lambda user: user.name),)

    def get_queryset(self) -> QuerySet[Any]:
        return User.objects.none()


class NameForm(forms.Form):
    name = forms.CharField()


class NamePage(FormPage):
    permission = SIGNED_IN
    form_class = NameForm
    template_name = "plain.html"

    def save(self, form: Any) -> str:
        name = form.cleaned_data["name"]
        if name == "taken":
            raise ValidationError({"name": ["Taken."], "values/2/value": ["Too long."], "__all__": ["Together."]})
        if name == "odd":
            raise ValidationError("Odd.")
        if name == "late":
            raise RuleBroken("The period is closed.")
        return "/named/"

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        return HttpResponse(context["form"].errors.as_json(), content_type="application/json", **options)


class GreetAct(ActView):
    permission = "shared.test_pages"

    def act(self) -> Sentence:
        word = self.request.POST.get("word", "")
        if word == "closed":
            raise RuleBroken("The period is closed.")
        if word == "wrong":
            raise ValidationError({"value": ["Say a number."]})
        return f"Greeted {word}." if word else ""


class WordPage(PortalView):
    permission = SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(translation.get_language())


class OpenPage(PublicView):
    template_name = "public/base.html"


urlpatterns = [
    path("people/", PeoplePage.as_view()),
    path("bare/", BarePage.as_view()),
    path("name/", NamePage.as_view()),
    path("greet/", GreetAct.as_view()),
    path("word/", WordPage.as_view()),
    path("open/", OpenPage.as_view()),
]
