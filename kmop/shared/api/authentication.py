"""Signing in at the REST door with the browser's session. Tokens stand before it (`partners.api.authentication`)."""

from rest_framework import authentication


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; a change needs the cookie `csrftoken` back as `X-CSRFToken`."""
