"""The URL map of the portal."""

from django.urls import URLPattern, URLResolver, include, path

from kmop.shared import health
from reports.views.styleguide import StyleGuideView

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("api/", include("kmop.api")),
    path("styleguide/", StyleGuideView.as_view(), name="styleguide"),
    path("", include("kmop.audit.urls")),
    path("", include("kmop.notifications.urls")),
    path("", include("kmop.accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
]

handler400 = "kmop.shared.api.roots.bad_request"
handler500 = "kmop.shared.api.roots.server_error"
