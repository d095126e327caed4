"""The URL map of the portal."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path, re_path

from kmop.shared import health

# Of the sign-in library only what invited people need; nobody signs up.
SIGN_IN: list[URLPattern] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("api/", include("kmop.api")),
    path("", include("reports.urls")),
    path("", include("kmop.audit.urls")),
    path("", include("kmop.notifications.urls")),
    path("", include("kmop.accounts.urls")),
    path("", include("partners.urls")),
    path("", include("projects.urls")),
    path("", include("beneficiaries.urls")),
    path("accounts/", include(SIGN_IN)),
]

handler400 = "kmop.shared.api.roots.bad_request"
handler500 = "kmop.shared.api.roots.server_error"
handler429 = "kmop.accounts.views.sign_in.too_many_tries"  # asked for by the sign-in library
