"""The receipt: read the answer, write again, take back, ask for erasure; by code and PIN, without an account."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import FeedbackState
from beneficiaries.forms.public import ReceiptForm, ReplyForm
from beneficiaries.models import Receipt
from beneficiaries.services.by_receipt import erase, read_receipt, reply, say_met, withdraw
from beneficiaries.services.receipts import NoSuchReceipt, open_receipt
from beneficiaries.views.open_forms import OpenFormView
from kmop.shared.errors import DomainError, Sentence
from kmop.shared.views import PUBLIC

STATES: dict[str, Sentence] = {
    FeedbackState.NEW: _("We have your message. Nobody has read it yet."),
    FeedbackState.ACKNOWLEDGED: _("We have read your message and are working on it."),
    FeedbackState.ANSWERED: _("We have answered."),
    FeedbackState.CLOSED: _("We have answered."),
    FeedbackState.WITHDRAWN: _("You have taken this message back."),
}
MET: dict[str, tuple[bool, Sentence]] = {
    "met": (True, _("Thank you. We count your word.")),
    "not_met": (False, _("Thank you. For you it counts as not met.")),
}


class ReceiptPage(OpenFormView):
    """Code and PIN go by POST with every act, since there is no session to remember them; neither is ever in an
    address."""

    permission = PUBLIC
    template_name = "public/receipt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form for code and PIN, unless one with errors is given."""
        kwargs.setdefault("form", ReceiptForm())
        return super().get_context_data(title=_("Read our answer"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open the receipt, do what is asked, show what stands there now."""
        form = ReceiptForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            receipt = open_receipt(code=form.cleaned_data["code"], pin=form.cleaned_data["pin"])
        except NoSuchReceipt as error:
            form.add_error(None, str(error.message))
            return self.render_to_response(self.get_context_data(form=form), status=404)
        return self._opened(receipt, form, request.POST.get("act", ""))

    def _opened(self, receipt: Receipt, form: ReceiptForm, act: str) -> HttpResponseBase:
        if act == "erase":
            return self._erase(receipt, form)
        reply_form = ReplyForm(self.request.POST if act == "reply" else None)
        said, wrong = self._act(receipt, reply_form, act)
        if said and act == "reply":
            reply_form = ReplyForm()
        view = read_receipt(receipt=_read_again(receipt))
        context = {"view": view, "state": STATES[view.state], "said": said, "wrong": wrong, "reply_form": reply_form}
        return self._shown("public/answer.html", form, status=422 if wrong or reply_form.errors else 200, **context)

    def _act(self, receipt: Receipt, form: ReplyForm, act: str) -> tuple[Sentence, str]:
        """What was done, in words, or why it could not be."""
        try:
            if act == "reply" and form.is_valid():
                reply(receipt=receipt, text=form.cleaned_data["text"])
                return _("Your message was added."), ""
            if act == "withdraw":
                withdraw(receipt=receipt)
                return _("Your message was taken back."), ""
            if act in MET:
                say_met(receipt=receipt, is_met=MET[act][0])
                return MET[act][1], ""
        except ValidationError as error:
            return "", " ".join(error.messages)
        except DomainError as error:
            return "", str(error.message)
        return "", ""

    def _erase(self, receipt: Receipt, form: ReceiptForm) -> HttpResponseBase:
        """Ask first; with `sure` everything is gone, this receipt too."""
        if self.request.POST.get("sure") != "yes":
            return self._shown("public/erase.html", form)
        erase(receipt=receipt)
        return self._shown("public/erased.html", form)

    def _shown(self, template: str, form: ReceiptForm, *, status: int = 200, **context: Any) -> HttpResponseBase:
        self.template_name = template
        secret = {"code": form.cleaned_data["code"], "pin": form.cleaned_data["pin"]}
        return self.render_to_response(self.get_context_data(form=form, secret=secret, **context), status=status)


def _read_again(receipt: Receipt) -> Receipt:
    return Receipt.objects.select_related("feedback__project", "feedback__need", "sensitive").get(pk=receipt.pk)
