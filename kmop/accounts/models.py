"""The portal's own user, with e-mail as login, and portal-wide roles."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole, UserKind
from kmop.notifications.choices import MailState
from kmop.shared.access import ask
from kmop.shared.text import fold


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user who signs in with this e-mail address."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with this address; without a password nobody can sign in as her."""
        user = self.model(email=email.strip().lower(), **fields)
        user.search_text = fold(user.name, user.email)
        user.set_password(password) if password else user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in, or a service account that acts (importer, public form, an API client)."""

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=200)
    language = models.CharField(_("Language"), max_length=10, default="en")
    kind = models.CharField(max_length=10, choices=UserKind, default=UserKind.PERSON)
    is_active = models.BooleanField(default=True)
    search_text = models.CharField(max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def portal_roles(self) -> frozenset[str]:
        """The portal-wide roles, read once per instance."""
        return frozenset(self.role_grants.values_list("role", flat=True)) if self.pk else frozenset()

    def has_role(self, *roles: PortalRole) -> bool:
        """Has this user one of these portal-wide roles?"""
        return any(role in self.portal_roles for role in roles)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The verdict of the rule named `perm` (kmop.shared.access)."""
        return bool(ask(self, perm, obj))

    @property
    def is_service(self) -> bool:
        """Is this a service account?"""
        return self.kind == UserKind.SERVICE

    @property
    def initials(self) -> str:
        """Two letters for the face beside a name."""
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class RoleGrant(models.Model):
    """A portal-wide role of a user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=40, choices=PortalRole)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_grant_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class Invitation(models.Model):
    """An invitation by mail. The link carries the signed id, so that nothing secret is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    mail_state = models.CharField(max_length=10, choices=MailState, default=MailState.WAITING)

    def __str__(self) -> str:
        return f"Invitation {self.pk}"
