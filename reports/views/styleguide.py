"""The living style guide: every part of the portal, made by its real template, in both themes and both languages."""

from typing import Any

from kmop.shared.views import PortalView
from reports.views.styleguide_samples import ICONS, SWATCHES, sample_form, samples

THEMES = ("light", "dark")
LANGUAGES = ("en", "el")


class StyleGuideView(PortalView):
    """For those who build and check pages: KMOP's own people and whoever has a portal-wide role."""

    permission = "partners.see_staff_pages"
    template_name = "styleguide/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Four halves: each language, light beside dark."""
        halves = [
            {
                "key": f"{theme}-{language}",
                "theme": theme,
                "language": language,
                "sample": samples(language),
                "form": sample_form(language, f"{theme}-{language}"),
            }
            for language in LANGUAGES
            for theme in THEMES
        ]
        return super().get_context_data(halves=halves, swatches=SWATCHES, icons=ICONS, **kwargs)
