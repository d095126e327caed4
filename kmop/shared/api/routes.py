"""The addresses of viewsets."""

from rest_framework.routers import SimpleRouter


class PortalRouter(SimpleRouter):
    """What belongs to one object is looked for before the object itself, since a code may hold a slash."""

    routes = [*SimpleRouter.routes[:2], SimpleRouter.routes[3], SimpleRouter.routes[2]]
