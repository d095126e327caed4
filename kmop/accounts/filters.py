"""Filters of the list of users."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import User


class UserFilter(django_filters.FilterSet):
    """Search by name or e-mail; by role, kind and whether the account is live."""

    search = django_filters.CharFilter(label=_("Search"), method="by_words")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=PortalRole.choices, field_name="role_grants__role")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=UserKind.choices)
    is_active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = User
        fields = ["search", "role", "kind", "is_active"]

    def by_words(self, queryset: "QuerySet[User]", name: str, value: str) -> "QuerySet[User]":
        """Part of the name or the e-mail."""
        return queryset.filter(Q(name__icontains=value) | Q(email__icontains=value))
