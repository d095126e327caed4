"""Forms without session and cookie: a signed dated token in place of the CSRF cookie, and a limit per address.

Why no CSRF cookie: the attack it holds off is to act in somebody's name with the session that her browser sends along.
These pages read no session and know nobody, so there is no name to act in; whoever posts could as well open the page.
What is left to hold off is posting in bulk and twice: the token is made by us, names the page, ends after a day, and
makes one message however often it is sent; and an address may post only so often a minute. Pages that act by code and
PIN need no token: who knows both is the person.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from kmop.shared.api.throttling import client_address, count
from kmop.shared.views import PUBLIC, PublicView

SALT = "beneficiaries.public-form"
GOOD_FOR_SECONDS = 24 * 3600


def new_token(page: str) -> str:
    """A dated token for the form on `page`."""
    return signing.dumps([page, secrets.token_urlsafe(16)], salt=SALT, compress=False)


def nonce_of(token: str, page: str) -> str:
    """The one-time part of a token of `page` that is not older than a day; empty for any other."""
    try:
        named, nonce = signing.loads(token, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except (signing.BadSignature, ValueError):
        return ""
    return str(nonce) if named == page else ""


@method_decorator(csrf_exempt, name="dispatch")
class OpenFormView(PublicView):
    """A public page that takes posts: limited per address, never cached, and the address it leads on to learns nothing.

    See the head of this file for why it is exempt from the CSRF cookie.
    """

    abstract = True
    permission = PUBLIC

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Count posts; what is answered is for this person alone."""
        response = self._limited(request) or super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "same-origin"
        return response

    def _limited(self, request: HttpRequest) -> HttpResponse | None:
        if request.method != "POST":
            return None
        rate = count("public-post", client_address(request), settings.PUBLIC_POSTS_PER_ADDRESS)
        if not rate.exceeded:
            return None
        response = render(request, "public/busy.html", {}, status=429)
        response["Retry-After"] = str(rate.reset)
        return response
