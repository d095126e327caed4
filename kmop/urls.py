"""The URL map of the portal."""

from django.urls import URLPattern, URLResolver, include, path

from kmop.shared import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("api/", include("kmop.api")),
    path("", include("kmop.audit.urls")),
    path("", include("kmop.notifications.urls")),
]

handler400 = "kmop.shared.api.roots.bad_request"
handler500 = "kmop.shared.api.roots.server_error"
