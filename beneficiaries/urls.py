"""Addresses of voices: the public's, and those of staff."""

from django.urls import path

from beneficiaries.views import hotline, inbox, needs, public, receipt, sensitive

app_name = "beneficiaries"
urlpatterns = [
    path("", public.PublicHomeView.as_view(), name="public-home"),
    path("p/<str:code>/", public.PublicProjectView.as_view(), name="public-project"),
    path("p/<str:code>/feedback/", public.FeedbackFormView.as_view(), name="public-feedback"),
    path("receipt/", receipt.ReceiptPage.as_view(), name="receipt"),
    path("voices/", inbox.VoicesView.as_view(), name="voices"),
    path("voices/new/", hotline.HotlineView.as_view(), name="hotline"),
    path("voices/<uuid:pk>/", inbox.FeedbackView.as_view(), name="feedback"),
    path("voices/<uuid:pk>/acknowledge/", inbox.AcknowledgeView.as_view(), name="feedback-acknowledge"),
    path("voices/<uuid:pk>/close/", inbox.CloseView.as_view(), name="feedback-close"),
    path("voices/<uuid:pk>/share/", inbox.ShareView.as_view(), name="feedback-share"),
    path("voices/<uuid:pk>/hand-over/", inbox.HandOverView.as_view(), name="feedback-hand-over"),
    path("sensitive/", sensitive.SensitiveListView.as_view(), name="sensitive-list"),
    path("sensitive/<uuid:pk>/", sensitive.SensitiveView.as_view(), name="sensitive"),
    path("projects/<int:project_id>/voices/", needs.ProjectVoicesView.as_view(), name="project-voices"),
    path("projects/<int:project_id>/needs/add/", needs.NeedAddView.as_view(), name="need-add"),
    path("projects/<int:project_id>/needs/<int:pk>/answer/", needs.NeedAnswerView.as_view(), name="need-answer"),
    path("projects/<int:project_id>/needs/<int:pk>/refuse/", needs.NeedRefuseView.as_view(), name="need-refuse"),
    path("projects/<int:project_id>/needs/<int:pk>/confirm/", needs.NeedConfirmView.as_view(), name="need-confirm"),
    path("projects/<int:project_id>/rounds/add/", needs.RoundAddView.as_view(), name="round-add"),
    path("projects/<int:project_id>/decisions/add/", needs.DecisionAddView.as_view(), name="decision-add"),
]
