"""A message that staff write down while somebody tells it: on the phone, from paper."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from beneficiaries.forms.staff import HotlineForm
from beneficiaries.queries.staff import staffed_projects
from beneficiaries.services.feedback import receive_feedback
from kmop.shared.errors import DomainError
from kmop.shared.views import PortalView, add_errors
from projects.models import Project


class HotlineView(PortalView):
    """Choose the project, write the message down, and read the receipt out: it is shown once."""

    permission = "beneficiaries.read_voices"
    template_name = "beneficiaries/hotline.html"

    @cached_property
    def projects(self) -> QuerySet[Any]:
        """Where this person answers voices."""
        return staffed_projects(self.me)

    @cached_property
    def project(self) -> Project | None:
        """The chosen project; the only one where there is one."""
        wanted = self.request.GET.get("project", "")
        if wanted:
            found: Project | None = self.projects.filter(pk=wanted).first() if wanted.isdecimal() else None
            if found is None:
                raise Http404
            return found
        some = list(self.projects[:2])
        return some[0] if len(some) == 1 else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The projects to choose from, and the form once one is chosen."""
        if self.project is not None:
            kwargs.setdefault("form", HotlineForm(project=self.project))
        return super().get_context_data(
            title=_("Write down a message"), project=self.project, projects=self.projects, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take it in; the answer is the receipt."""
        if self.project is None:
            raise Http404
        form = HotlineForm(request.POST, project=self.project)
        if form.is_valid():
            try:
                received = receive_feedback(project=self.project, content=form.content(), by=self.me)
                receipt = {"code": received.code, "pin": received.pin}
                return self._shown(receipt=receipt, form=HotlineForm(project=self.project))
            except ValidationError as error:
                add_errors(form, error)
            except DomainError as error:
                form.add_error(None, str(error.message))
        return self._shown(status=422, form=form)

    def _shown(self, *, status: int = 200, **context: Any) -> HttpResponseBase:
        response = self.render_to_response(self.get_context_data(**context), status=status)
        add_never_cache_headers(response)
        return response
