"""Addresses of notices and mails."""

from django.urls import path

from kmop.notifications.views import mails, notices

app_name = "notifications"
urlpatterns = [
    path("notices/", notices.NoticesView.as_view(), name="notices"),
    path("notices/read/", notices.NoticesReadView.as_view(), name="notices-read"),
    path("notices/<uuid:pk>/read/", notices.NoticeReadView.as_view(), name="notice-read"),
    path("administration/mail/", mails.MailsView.as_view(), name="mails"),
    path("administration/mail/<str:name>/", mails.MailView.as_view(), name="mail"),
]
