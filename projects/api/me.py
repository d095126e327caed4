"""`/api/v1/me/`: who this token, or this session, is."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.accounts.choices import PortalRole, UserKind
from kmop.shared.access import SIGNED_IN
from kmop.shared.api.conventions import ApiView
from kmop.shared.api.fields import MomentField
from kmop.shared.api.permissions import ANY_SCOPE
from partners.choices import MembershipRole, Scope
from projects.queries.standing import Standing, standing_of


class NamedSerializer(serializers.Serializer[Any]):
    """Both names of something."""

    id = serializers.IntegerField()
    code = serializers.CharField()


class BelongingSerializer(NamedSerializer):
    """An organisation and one's role in it."""

    name = serializers.CharField()
    role = serializers.ChoiceField(choices=MembershipRole.choices)


class ClientSerializer(serializers.Serializer[Any]):
    """The API client behind a token."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    networks = serializers.ListField(child=serializers.CharField())
    expires_at = MomentField(allow_null=True)
    last_used_at = MomentField(allow_null=True)


class AccountSerializer(serializers.Serializer[Any]):
    """The account that acts."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=UserKind.choices)
    language = serializers.CharField()


class LimitsSerializer(serializers.Serializer[Any]):
    """How much one may ask."""

    requests_per_minute = serializers.IntegerField()


class MeSerializer(serializers.Serializer[Any]):
    """Everything a client needs to know of itself."""

    user = AccountSerializer()
    client = ClientSerializer(allow_null=True)
    organisation = BelongingSerializer(allow_null=True)
    organisations = BelongingSerializer(many=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    roles = serializers.ListField(child=serializers.ChoiceField(choices=PortalRole.choices))
    projects = NamedSerializer(many=True)
    limits = LimitsSerializer()


class MeView(ApiView):
    """Who asks: organisation, scopes, projects, limits. A session is not narrowed by scopes: it holds all."""

    permission = SIGNED_IN
    scope = ANY_SCOPE
    serializer_class = MeSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who this is."""
        return self.shown(MeSerializer(self._me(request, standing_of(request.user))))

    def _me(self, request: Request, standing: Standing) -> dict[str, Any]:
        client: Any = request.auth
        user: Any = request.user
        return {
            "user": user,
            "client": client,
            "organisation": standing.organisations[0] if standing.organisations else None,
            "organisations": standing.organisations,
            "scopes": client.scopes if client else sorted(Scope.values),
            "roles": sorted(user.portal_roles),
            "projects": standing.projects,
            "limits": {"requests_per_minute": settings.API_RATE_CLIENT},
        }
