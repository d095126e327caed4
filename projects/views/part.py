"""The parts of a project: one head and one row of tabs above each, and only for those who may see the project."""

from functools import cached_property
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.shared.access import ask
from kmop.shared.acts import told_once
from kmop.shared.errors import Sentence
from kmop.shared.tables import Link
from kmop.shared.views import ActView, FormPage, ListPage, PortalView
from projects.models import Project
from projects.queries.frame import ProjectFrame, frame_of


class ProjectPart:
    """Mixin: the project of the address, if this person may know that it exists."""

    part: ClassVar[str] = ""
    request: Any
    kwargs: dict[str, Any]

    @property
    def user(self) -> Any:
        """Who asks."""
        return self.request.user

    @cached_property
    def project(self) -> Project:
        """The project."""
        found: Project = get_object_or_404(Project.objects.visible_to(self.user), pk=self.kwargs["pk"])
        return found

    @cached_property
    def day(self) -> Any:
        """Today."""
        return timezone.localdate()

    @property
    def base(self) -> str:
        """The project's address."""
        return f"/projects/{self.project.pk}/"

    def permission_object(self) -> Project:
        """The rule is asked of the project."""
        return self.project

    @cached_property
    def frame(self) -> ProjectFrame:
        """What stands above the part."""
        return frame_of(self.project, part=self.part)

    def head_acts(self) -> list[dict[str, Any]]:
        """The buttons at the head of the part."""
        return []

    def segments(self) -> list[Link]:
        """The views within the part, side by side."""
        return []

    def part_context(self) -> dict[str, Any]:
        """What `projects/frame.html` and `projects/part/*.html` show."""
        return {
            "frame": self.frame,
            "acts": told_once(self.head_acts()),
            "segments": self.segments(),
            "project": self.project,
        }

    def act_button(self, label: Sentence, url: str, rule: str, **more: Any) -> dict[str, Any]:
        """A button to `url`; refused with the reason where the rule says no."""
        verdict = ask(self.user, rule, self.project)
        name = url.strip("/").replace("/", "-")
        return {"label": label, "url": url, "refused": "" if verdict else str(verdict.reason), "id": name, **more}


class ProjectPage(ProjectPart, PortalView):
    """A part of a project that is no list."""

    abstract = True
    permission = "projects.view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the frame."""
        return super().get_context_data(title=self.frame.title, **self.part_context(), **kwargs)


class ProjectListPage(ProjectPart, ListPage):
    """A list within a project, under its head and tabs."""

    abstract = True
    permission = "projects.view"
    template_name = "projects/part/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the frame; `list_title` names the list."""
        return super().get_context_data(list_title=self.title, **self.part_context(), **kwargs)


class ProjectFormPage(ProjectPart, FormPage):
    """A form within a project. Declare `heading`, `submit`, `form_class`, `back` (a path within the project)."""

    abstract = True
    template_name = "projects/part/form.html"
    heading: ClassVar[Sentence] = ""
    lead: ClassVar[Sentence] = ""
    submit: ClassVar[Sentence] = _("Save")
    back: ClassVar[str] = ""

    @property
    def back_url(self) -> str:
        """Where the form leads when it is done or left."""
        return f"{self.base}{self.back}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the frame and the words of the form."""
        words = {"lead": self.get_lead(), "submit": self.submit, "back_url": self.back_url}
        heading = self.get_heading()
        return super().get_context_data(title=heading, heading=heading, **words, **self.part_context(), **kwargs)

    def get_heading(self) -> Sentence:
        """What the form is about."""
        return self.heading

    def get_lead(self) -> Sentence:
        """A sentence above the form."""
        return self.lead


class ProjectAct(ProjectPart, ActView):
    """An act on a project or on something of it; afterwards back to `back` (a path within the project)."""

    abstract = True
    back: ClassVar[str] = ""

    def next_url(self) -> str:
        """Back to the part."""
        return f"{self.base}{self.back}"
