"""Addresses of users; sign-in itself is the library's."""

from django.urls import path

from kmop.accounts.views import users as views

app_name = "accounts"
urlpatterns = [
    path("accounts/invitation/<str:token>/", views.InvitationView.as_view(), name="invitation"),
    path("administration/users/", views.UserListView.as_view(), name="user-list"),
    path("administration/users/invite/", views.InviteView.as_view(), name="invite"),
    path("administration/users/<int:pk>/", views.UserView.as_view(), name="user"),
    path("administration/users/<int:pk>/role/", views.RoleView.as_view(), name="user-role"),
    path("administration/users/<int:pk>/end/", views.DeactivateView.as_view(), name="user-deactivate"),
    path("administration/users/<int:pk>/again/", views.ReactivateView.as_view(), name="user-reactivate"),
    path("administration/users/<int:pk>/invite/", views.ResendView.as_view(), name="user-resend"),
]
