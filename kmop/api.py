"""The list of REST endpoints: everything below `/api/`."""

from django.urls import include, path, re_path

from beneficiaries.api.feedback import FeedbackViewSet
from beneficiaries.api.receipt import ReceiptView
from kmop.shared.api.roots import DocsView, SchemaView, unknown_address
from kmop.shared.api.routes import PortalRouter
from partners.api.offers import OfferViewSet
from partners.api.organisations import OrganisationViewSet
from projects.api.categories import DimensionViewSet
from projects.api.evidence import EvidenceViewSet
from projects.api.frameworks import FrameworkView
from projects.api.indicators import IndicatorViewSet
from projects.api.me import MeView
from projects.api.obligations import ObligationViewSet
from projects.api.places import PlaceViewSet
from projects.api.updates import ExternalUpdateViewSet, UpdateViewSet
from reports.api.projects import ProjectViewSet
from reports.api.reports import ReportsView
from reports.api.runs import RunFileView, RunViewSet

router = PortalRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("offers", OfferViewSet, basename="offer")
router.register("reports/runs", RunViewSet, basename="report-run")
router.register("feedback", FeedbackViewSet, basename="feedback")
router.register("projects", ProjectViewSet, basename="project")
router.register("indicators", IndicatorViewSet, basename="indicator")
router.register("places", PlaceViewSet, basename="place")
router.register("categories", DimensionViewSet, basename="category")
router.register("obligations", ObligationViewSet, basename="obligation")
router.register("updates", UpdateViewSet, basename="update")

external = ExternalUpdateViewSet.as_view({"get": "retrieve", "put": "put"}, basename="update")
evidence_list = EvidenceViewSet.as_view({"get": "list", "post": "create", "delete": "clear"}, basename="evidence")
evidence_file = EvidenceViewSet.as_view({"get": "retrieve", "delete": "destroy"}, basename="evidence", detail=True)

urlpatterns = [
    path("v1/schema/", SchemaView.as_view(), name="api-schema"),
    path("v1/docs/", DocsView.as_view(), name="api-docs"),
    path("v1/me/", MeView.as_view(), name="me"),
    path("v1/feedback/receipt/", ReceiptView.as_view(), name="feedback-receipt"),
    path("v1/reports/", ReportsView.as_view(), name="api-reports"),
    path("v1/reports/runs/<uuid:id>/files/<slug:file_format>", RunFileView.as_view(), name="api-run-file"),
    path("v1/projects/<str:id>/framework/", FrameworkView.as_view(), name="project-framework"),
    path("v1/updates/external/<str:external_id>/", external, name="update-external"),
    path("v1/updates/<int:update_id>/evidence/", evidence_list, name="evidence-list"),
    path("v1/updates/<int:update_id>/evidence/<uuid:id>/", evidence_file, name="evidence-detail"),
    path("v1/", include(router.urls)),
    re_path(r"", unknown_address),
]
