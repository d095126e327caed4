"""Portal-wide roles and the audit actions of accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UserKind(models.TextChoices):
    """A person signs in; a service account only acts."""

    PERSON = "person", _("Person")
    SERVICE = "service", _("Service account")


class PortalRole(models.TextChoices):
    """Roles that hold for the whole portal."""

    PORTAL_ADMINISTRATOR = "portal_administrator", _("Portal administrator")
    PORTFOLIO_MANAGER = "portfolio_manager", _("Portfolio manager")
    SAFEGUARDING_FOCAL_POINT = "safeguarding_focal_point", _("Safeguarding focal point")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data protection officer")


class Action(models.TextChoices):
    """What the audit trail calls the acts of this app."""

    USER_INVITED = "user.invited", _("User invited")
    USER_JOINED = "user.joined", _("Invitation accepted")
    USER_CHANGED = "user.changed", _("User changed")
    USER_DEACTIVATED = "user.deactivated", _("User deactivated")
    ROLE_GRANTED = "role.granted", _("Role granted")
    ROLE_WITHDRAWN = "role.withdrawn", _("Role withdrawn")
