"""The folder of mails of the embedded default, and how each digest ended."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from kmop.notifications.models import DigestMail
from kmop.notifications.queries.mails import mail_names, stored_mail, stored_mails
from kmop.shared.tables import Link
from kmop.shared.views import PortalView

PAGE_SIZE = 25
DIGESTS_SHOWN = 25
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


def _pages(page: Page[Any]) -> list[Link]:
    if not page.has_other_pages():
        return []
    return [Link(str(number), f"?page={number}", number == page.number) for number in page.paginator.page_range]


class MailsView(PortalView):
    """Mails that were written to the folder, newest first."""

    permission = "notifications.read_mails"
    template_name = "administration/mails.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of mails, and the newest digests with their states."""
        folder = Path(settings.MAIL_FOLDER)
        page = Paginator(mail_names(folder), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            title=_("Mails"),
            page_obj=page,
            pages=_pages(page),
            mails=stored_mails(folder, list(page.object_list)),
            is_folder=settings.EMAIL_BACKEND == FILE_BACKEND,
            digests=DigestMail.objects.select_related("user")[:DIGESTS_SHOWN],
            **kwargs,
        )


class MailView(PortalView):
    """One mail of the folder."""

    permission = "notifications.read_mails"
    template_name = "administration/mail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its subject, recipient, date and text."""
        try:
            mails = stored_mail(Path(settings.MAIL_FOLDER), self.kwargs["name"])
        except LookupError as error:
            raise Http404 from error
        return super().get_context_data(title=mails[0].subject if mails else "", mails=mails, **kwargs)
