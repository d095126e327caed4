"""Pages of one organisation: only for those who may know of it."""

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404

from kmop.shared.access import ask
from kmop.shared.errors import Sentence
from partners.models import Organisation


class OfOrganisation:
    """Mixin: the organisation of the address."""

    request: Any
    kwargs: dict[str, Any]

    @property
    def user(self) -> Any:
        """Who asks."""
        return self.request.user

    @cached_property
    def organisation(self) -> Organisation:
        """The organisation, if this person may know of it."""
        found: Organisation = get_object_or_404(Organisation.objects.visible_to(self.user), pk=self.kwargs["pk"])
        return found

    @property
    def base(self) -> str:
        """Its address."""
        return f"/partners/{self.organisation.pk}/"

    def permission_object(self) -> Organisation:
        """The rule is asked of the organisation."""
        return self.organisation

    def act_button(self, label: Sentence, url: str, rule: str, **more: Any) -> dict[str, Any]:
        """A button to `url`; refused with the reason where the rule says no."""
        verdict = ask(self.user, rule, self.organisation)
        return {"label": label, "url": url, "refused": "" if verdict else str(verdict.reason), "id": rule[9:], **more}
