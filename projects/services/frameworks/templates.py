"""Keeping a project's framework under a name."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from projects.choices import Action
from projects.models import FrameworkTemplate, Project
from projects.services.frameworks.shapes import shape_of
from projects.services.saving import keep


@transaction.atomic
def save_template(*, project: Project, name: str, description: str = "", by: User) -> FrameworkTemplate:
    """Keep the framework of a project as it is now; later changes of the project don't reach the template.

    Raises `ValidationError` for a name that is taken and for a project without results.
    """
    require(by, "projects.manage_framework", project)
    shape = shape_of(project)
    if not shape["results"]:
        raise ValidationError(_("The project has no framework yet."))
    row = keep(
        FrameworkTemplate(
            name=name.strip(),
            description=description,
            shape=shape,
            results=len(shape["results"]),
            indicators=len(shape["indicators"]),
            project=project,
            made_by=by,
        )
    )
    audit.record(by, Action.TEMPLATE_SAVED, project, name=row.name)
    return row
