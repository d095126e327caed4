"""The list of REST endpoints: everything below `/api/`."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from kmop.shared.api.roots import DocsView, SchemaView, unknown_address
from partners.api.offers import OfferViewSet
from partners.api.organisations import OrganisationViewSet
from projects.api.me import MeView

router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("offers", OfferViewSet, basename="offer")

urlpatterns = [
    path("v1/schema/", SchemaView.as_view(), name="api-schema"),
    path("v1/docs/", DocsView.as_view(), name="api-docs"),
    path("v1/me/", MeView.as_view(), name="me"),
    path("v1/", include(router.urls)),
    re_path(r"", unknown_address),
]
