"""The demo portfolio: a believable portfolio, built through the same services as real work.

The same seed and day give the same portfolio. Texts stand in `content/`; nobody and nothing in them is real.
"""

from reports.services.demo.build import build_demo

__all__ = ["build_demo"]
