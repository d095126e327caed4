"""Who belongs to which organisation."""

from typing import TYPE_CHECKING

from django.db import transaction

from kmop.audit import services as audit
from kmop.shared.access import require
from partners.choices import Action, MembershipRole
from partners.models import Membership, Organisation

if TYPE_CHECKING:
    from kmop.accounts.models import User


@transaction.atomic
def grant_membership(*, user: "User", organisation: Organisation, role: MembershipRole, by: "User") -> Membership:
    """Put a user into an organisation, or change her role there. Granting the same again changes nothing."""
    require(by, "partners.manage_members", organisation)
    row, made = Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
    if not made and row.role != role:
        row.role = role
        row.save(update_fields=["role"])
        made = True
    if made:
        audit.record(by, Action.MEMBERSHIP_GRANTED, organisation, user=user.pk, role=str(role))
    return row


@transaction.atomic
def withdraw_membership(*, user: "User", organisation: Organisation, by: "User") -> None:
    """Take a user out of an organisation."""
    require(by, "partners.manage_members", organisation)
    if Membership.objects.filter(user=user, organisation=organisation).delete()[0]:
        audit.record(by, Action.MEMBERSHIP_WITHDRAWN, organisation, user=user.pk)
