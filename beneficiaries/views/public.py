"""The public pages: published projects, one of them in plain words with its form, and the form by itself."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from beneficiaries.forms.public import PublicFeedbackForm, ReceiptForm
from beneficiaries.queries.public import countries_of, public_page, published_project, published_projects
from beneficiaries.services.by_receipt import PUBLIC_FORM
from beneficiaries.services.feedback import receive_feedback
from beneficiaries.services.receipts import new_slip
from beneficiaries.views.open_forms import OpenFormView, new_token, nonce_of
from beneficiaries.views.rows import decision_lines, need_lines, result_lines
from kmop.accounts.services import service_account
from kmop.shared.api.idempotency import KeptAnswer, KeyTaken, fingerprint_of, transaction_waiting
from kmop.shared.api.problems import Unprocessable
from kmop.shared.errors import DomainError
from kmop.shared.text import in_language
from kmop.shared.views import PUBLIC, PublicView, add_errors
from projects.models import Project

PROJECTS_A_PAGE = 20


class PublicHomeView(PublicView):
    """Which projects are there? A list with search."""

    permission = PUBLIC
    template_name = "public/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The published projects that fit the search."""
        search = self.request.GET.get("search", "").replace("\x00", "")[:100]
        page = Paginator(published_projects(search), PROJECTS_A_PAGE).get_page(self.request.GET.get("page"))
        rows = [{"project": one, "title": in_language(one.titles), "countries": countries_of(one)} for one in page]
        return super().get_context_data(
            title=_("Projects"), rows=rows, page_obj=page, search=search, receipt_form=ReceiptForm(), **kwargs
        )


class OfProject(PublicView):
    """A page of a published project; any other looks as if it weren't there."""

    abstract = True
    permission = PUBLIC

    @cached_property
    def project(self) -> Project:
        """Or 404."""
        found = published_project(self.kwargs["code"])
        if found is None:
            raise Http404
        return found

    def form(self, **given: Any) -> PublicFeedbackForm:
        """The feedback form, with a fresh token unless it was sent."""
        given.setdefault("initial", {"token": new_token(self.project.code)})
        return PublicFeedbackForm(project=self.project, **given)


class PublicProjectView(OfProject):
    """What was planned, what came of it, what people said and what changed; with the form right after the heading."""

    permission = PUBLIC
    template_name = "public/project.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page in plain words."""
        page = public_page(self.project, day=timezone.localdate())
        return super().get_context_data(
            title=page.title,
            page=page,
            results=result_lines(page),
            needs=need_lines(page.needs[:6]),
            decisions=decision_lines(page.ledger),
            form=self.form(),
            receipt_form=ReceiptForm(),
            **kwargs,
        )


class FeedbackFormView(OpenFormView, OfProject):
    """Leave a message; the answer to the post is the receipt, shown this once and in no address."""

    permission = PUBLIC
    template_name = "public/feedback.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, unless the one that was sent is given."""
        kwargs.setdefault("form", None)
        kwargs["form"] = kwargs["form"] or self.form()
        return super().get_context_data(
            title=_("Tell us something"),
            project=self.project,
            project_title=in_language(self.project.titles),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take it in; or show the form again with what was typed and what is wrong (422)."""
        form = self.form(data=request.POST)
        nonce = nonce_of(request.POST.get("token", ""), self.project.code)
        if form.is_valid() and nonce:
            try:
                return self._receipt(self._receive(form, nonce))
            except ValidationError as error:
                add_errors(form, error)
            except Unprocessable:
                form.add_error(None, _("You sent this form before, with other words. Send it again if this is new."))
            except DomainError as error:
                form.add_error(None, str(error.message))
        elif not nonce:
            form.add_error(None, _("This page was open for a long time. Please press Send once more."))
        return self._again(form)

    def _again(self, form: PublicFeedbackForm) -> HttpResponseBase:
        """The same form with a fresh token: what was typed is kept."""
        given = self.request.POST.copy()
        given["token"] = new_token(self.project.code)
        form.data = given
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _receive(self, form: PublicFeedbackForm, nonce: str) -> dict[str, str]:
        """Code and PIN; the same ones for the same form sent twice, which makes one message.

        What is kept for the second time is encrypted with a key that only the form's own token holds.
        """
        content, slip = form.content(), new_slip()
        told = {**form.cleaned_data, "place": content.place.pk if content.place else None, "nonce": nonce}
        kept = KeptAnswer(
            nonce, client=PUBLIC_FORM, method="POST", address=self.project.code, fingerprint=fingerprint_of(told)
        )
        try:
            with transaction_waiting(kept):
                kept.take()
                receive_feedback(project=self.project, content=content, slip=slip, by=service_account(PUBLIC_FORM))
                answer = Response({"code": slip.code, "pin": slip.pin})
                kept.keep(answer)
                return dict(answer.data)
        except KeyTaken:
            return _replayed(kept)

    def _receipt(self, receipt: dict[str, str]) -> HttpResponseBase:
        self.template_name = "public/thanks.html"
        context = super().get_context_data(title=_("Thank you"), project=self.project, receipt=receipt)
        return self.render_to_response(context)


def _replayed(kept: KeptAnswer) -> dict[str, str]:
    """The receipt of the first post with this token. Raises `Unprocessable` where that had other words."""
    answer = kept.replay()
    told: dict[str, str] = {} if answer is None else json.loads(answer.content)
    return told
