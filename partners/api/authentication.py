"""Signing in with the token of an API client."""

import ipaddress
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from kmop.shared.api.throttling import client_address
from partners.models import ApiClient
from partners.services.api_clients import client_of_token, note_use

KEYWORD = "bearer"
NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; stands before the session, so that nobody signed in gets 401."""

    def authenticate(self, request: Request) -> tuple[Any, ApiClient] | None:
        """The client's service user and the client; None where the request brings no bearer token."""
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != KEYWORD:
            return None
        now = timezone.now()
        client = client_of_token(token.strip(), now)
        if client is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, expired or revoked."), code="bad_token")
        if not may_come_from(client, client_address(request)):
            raise exceptions.PermissionDenied(_("This token may not be used from this address."), code="wrong_network")
        if client.last_used_at is None or now - client.last_used_at >= NOTED_EVERY:
            note_use(client=client, now=now)
        return client.user, client

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="KMOP Resilience Portal"'


def may_come_from(client: ApiClient, address: str) -> bool:
    """Is the address in one of the client's networks, or does it name none?"""
    if not client.networks:
        return True
    try:
        where = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(where in ipaddress.ip_network(network) for network in client.networks)
