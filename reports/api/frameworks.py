"""How a whole results framework is told in JSON: results > indicators > periods, one plain tree.

Built by hand and not by nested serializers: it is the largest answer of all, and this is three times as fast.
"""

from typing import Any

from projects.api.figures import told_cell, told_figure, told_plan, told_progress, told_verdict
from projects.queries.figures import PeriodFacts
from projects.queries.framework import DimensionFacts, FrameworkTree, IndicatorNode, ResultNode
