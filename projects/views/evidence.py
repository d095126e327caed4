"""Files that show what an update says: served to who may see the update."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from kmop.shared.views import PortalView
from projects.models import Evidence, Update


class EvidenceView(PortalView):
    """One file, to be taken away under the name its owner gave it."""

    permission = "projects.view_evidence"

    @cached_property
    def evidence(self) -> Evidence:
        """The file, of an update this person may see."""
        rows = Evidence.objects.filter(update__in=Update.objects.visible_to(self.me))
        return get_object_or_404(rows.select_related("update__indicator"), pk=self.kwargs["pk"])

    def permission_object(self) -> Update:
        """The update it belongs to."""
        return self.evidence.update

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The bytes, never shown as a page of ours."""
        one = self.evidence
        return FileResponse(one.file.open("rb"), as_attachment=True, filename=one.name, content_type=one.content_type)
