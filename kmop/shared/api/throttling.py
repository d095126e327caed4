"""How much one client or address may ask: counters per minute in the cache, told in `RateLimit-*` headers."""

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kmop.shared.access import PUBLIC
from kmop.shared.api.permissions import declared_permission

if TYPE_CHECKING:
    from rest_framework.views import APIView

WINDOW_SECONDS = 60


@dataclass(frozen=True)
class Rate:
    """What is left of a limit: requests, and seconds until it is whole again."""

    limit: int
    remaining: int
    reset: int
    exceeded: bool

    def headers(self) -> dict[str, str]:
        """The `RateLimit-*` headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


def client_address(request: HttpRequest | Request) -> str:
    """The address a request comes from, looking through as many proxies as are trusted and no more."""
    proxies = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if proxies and hops:
        return str(hops[-min(proxies, len(hops))])
    return str(request.META.get("REMOTE_ADDR", ""))


def count(kind: str, who: str, limit: int) -> Rate:
    """Count one request of `who` in this minute's window."""
    now = int(time.time())
    window = now // WINDOW_SECONDS
    key = f"rate:{kind}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    cache.add(key, 0, WINDOW_SECONDS * 2)
    try:
        used = cache.incr(key)
    except ValueError:  # swept between the two calls
        used = 1
    return Rate(limit, max(0, limit - used), (window + 1) * WINDOW_SECONDS - now, used > limit)


class PortalThrottle(BaseThrottle):
    """Per API client or signed-in user, else per address; public posts have a limit of their own."""

    rate: Rate | None = None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Count the request; the rate is left on the request for the headers."""
        self.rate = count(*self._limit_for(request, view))
        request.rate = self.rate  # type: ignore[attr-defined]
        return not self.rate.exceeded

    def _limit_for(self, request: Request, view: "APIView") -> tuple[str, str, int]:
        if request.user is not None and request.user.is_authenticated:
            return "user", str(request.user.pk), settings.API_RATE_CLIENT
        if request.method == "POST" and declared_permission(view) == PUBLIC:
            return "public-post", client_address(request), settings.PUBLIC_POSTS_PER_ADDRESS
        return "address", client_address(request), settings.API_RATE_ADDRESS

    def wait(self) -> float | None:
        """Seconds until the next window."""
        return self.rate.reset if self.rate else None
