"""Filters of the list of users."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import User
from kmop.shared.text import fold

YES_OR_NO = (("true", _("Yes")), ("false", _("No")))


class UserFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Search by name or e-mail; by role, kind and whether the account is live."""

    search = django_filters.CharFilter(label=_("Search"), method="by_words")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=PortalRole.choices, field_name="role_grants__role")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=UserKind.choices)
    is_active = django_filters.ChoiceFilter(label=_("Active"), choices=YES_OR_NO, method="by_life")

    class Meta:
        model = User
        fields = ["search", "role", "kind", "is_active"]

    def by_life(self, queryset: "QuerySet[User]", name: str, value: str) -> "QuerySet[User]":
        """Accounts that live, or those that were ended."""
        return queryset.filter(is_active=value == "true")

    def by_words(self, queryset: "QuerySet[User]", name: str, value: str) -> "QuerySet[User]":
        """Every word in the folded name or e-mail."""
        return queryset.filter(*[Q(search_text__contains=word) for word in fold(value).split()])
