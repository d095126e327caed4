"""The base views of all pages: each declares who may open it, or it isn't even defined.

`PortalView` (signed in), `ListPage` (search, filters, sorting, paging, export), `FormPage` (one form),
`ChangesRow` (a form that changes one row),
`ActView` (one act by POST) and `PublicView` (everybody).
"""

from kmop.shared.access import PUBLIC, SIGNED_IN
from kmop.shared.views.base import (
    ActView,
    FormPage,
    GuardedView,
    PortalView,
    PublicView,
    add_errors,
    is_own_address,
    language_links,
    page_of_refusal,
)
from kmop.shared.views.changing import ChangesRow, with_version
from kmop.shared.views.files import serve_file
from kmop.shared.views.lists import ListPage

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "ActView",
    "ChangesRow",
    "FormPage",
    "GuardedView",
    "ListPage",
    "PortalView",
    "PublicView",
    "add_errors",
    "is_own_address",
    "language_links",
    "page_of_refusal",
    "serve_file",
    "with_version",
]
