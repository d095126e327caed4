"""Which methods make sense for which measure; the first of each is what a new indicator starts with.

A formula's figures are made from its inputs, each by its own methods; its method across time is that of its targets.
"""

from projects.calculation.values import AcrossPartners, AcrossTime, Measure

_NUMBERS = (
    AcrossPartners.SUM,
    AcrossPartners.AVERAGE,
    AcrossPartners.MAXIMUM,
    AcrossPartners.MINIMUM,
    AcrossPartners.LATEST,
    AcrossPartners.NONE,
)
_PARTS = (AcrossPartners.WEIGHTED_RATIO, AcrossPartners.LATEST, AcrossPartners.NONE)
_SCORES = (AcrossPartners.AVERAGE, AcrossPartners.MAXIMUM, AcrossPartners.MINIMUM, AcrossPartners.LATEST)

PARTNERS_METHODS: dict[Measure, tuple[AcrossPartners, ...]] = {
    Measure.COUNT: _NUMBERS,
    Measure.AMOUNT: _NUMBERS,
    Measure.PERCENTAGE: _PARTS,
    Measure.RATIO: _PARTS,
    Measure.SCALE: (*_SCORES, AcrossPartners.NONE),
    Measure.YES_NO: (
        AcrossPartners.MINIMUM,
        AcrossPartners.SUM,
        *_SCORES[:2],
        AcrossPartners.LATEST,
        AcrossPartners.NONE,
    ),
    Measure.QUALITATIVE: (AcrossPartners.NONE, *_SCORES),
    Measure.FORMULA: (AcrossPartners.NONE,),
}

_ADDED = (AcrossTime.SUM, AcrossTime.AVERAGE, AcrossTime.LATEST, AcrossTime.MAXIMUM, AcrossTime.NONE)
_DIVIDED = (AcrossTime.LATEST, AcrossTime.WEIGHTED_RATIO, AcrossTime.MAXIMUM, AcrossTime.NONE)
_SCORED = (AcrossTime.LATEST, AcrossTime.AVERAGE, AcrossTime.MAXIMUM, AcrossTime.NONE)

TIME_METHODS: dict[Measure, tuple[AcrossTime, ...]] = {
    Measure.COUNT: _ADDED,
    Measure.AMOUNT: _ADDED,
    Measure.PERCENTAGE: _DIVIDED,
    Measure.RATIO: _DIVIDED,
    Measure.SCALE: _SCORED,
    Measure.YES_NO: (AcrossTime.LATEST, AcrossTime.MAXIMUM, AcrossTime.NONE),
    Measure.QUALITATIVE: _SCORED,
    Measure.FORMULA: (AcrossTime.LATEST, AcrossTime.SUM, AcrossTime.AVERAGE, AcrossTime.MAXIMUM, AcrossTime.NONE),
}


def default_across_partners(measure: Measure) -> AcrossPartners:
    """The method across partners and places that a new indicator of this measure starts with."""
    return PARTNERS_METHODS[measure][0]


def default_across_time(measure: Measure, *, cumulative: bool = False) -> AcrossTime:
    """The method across time that a new indicator of this measure starts with; a running total is never added up."""
    return AcrossTime.LATEST if cumulative else TIME_METHODS[measure][0]


def may_combine_partners(measure: Measure, method: AcrossPartners) -> bool:
    """Whether the method across partners and places has a meaning for the measure."""
    return method in PARTNERS_METHODS[measure]


def may_combine_time(measure: Measure, method: AcrossTime) -> bool:
    """Whether the method across time has a meaning for the measure."""
    return method in TIME_METHODS[measure]
