"""Addresses of organisations, their people, API clients and offers. One organisation's page shows its projects too:
it stands on the floor above.
"""

from django.urls import path

from partners.views import clients, offers, organisations

app_name = "partners"
urlpatterns = [
    path("partners/", organisations.DirectoryView.as_view(), name="directory"),
    path("partners/new/", organisations.NewOrganisationView.as_view(), name="organisation-new"),
    path("partners/offers/", offers.OffersView.as_view(), name="offers"),
    path("partners/offers/<int:pk>/", offers.OfferView.as_view(), name="offer"),
    path("partners/offers/<int:pk>/change/", offers.ChangeOfferView.as_view(), name="offer-change"),
    path("partners/offers/<int:pk>/withdraw/", offers.WithdrawOfferView.as_view(), name="offer-withdraw"),
    path("partners/<int:pk>/change/", organisations.ChangeOrganisationView.as_view(), name="organisation-change"),
    path("partners/<int:pk>/members/", organisations.MembersView.as_view(), name="members"),
    path("partners/<int:pk>/members/new/", organisations.GrantMembershipView.as_view(), name="member-new"),
    path("partners/<int:pk>/members/<int:row>/", organisations.MemberView.as_view(), name="member"),
    path(
        "partners/<int:pk>/members/<int:row>/withdraw/",
        organisations.WithdrawMembershipView.as_view(),
        name="member-withdraw",
    ),
    path("partners/<int:pk>/offers/", offers.OwnOffersView.as_view(), name="own-offers"),
    path("partners/<int:pk>/offers/new/", offers.NewOfferView.as_view(), name="offer-new"),
    path("partners/<int:pk>/api-clients/", clients.ClientsView.as_view(), name="clients"),
    path("partners/<int:pk>/api-clients/new/", clients.NewClientView.as_view(), name="client-new"),
    path("partners/<int:pk>/api-clients/<int:row>/", clients.ClientView.as_view(), name="client"),
    path("partners/<int:pk>/api-clients/<int:row>/token/", clients.ReplaceTokenView.as_view(), name="client-token"),
    path("partners/<int:pk>/api-clients/<int:row>/revoke/", clients.RevokeClientView.as_view(), name="client-revoke"),
]
