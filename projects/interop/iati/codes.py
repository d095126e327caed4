"""Codes of the IATI code lists that the importer checks, in 2.0x.

A code outside its list is a warning, never an error: lists grow, and withdrawn codes stay valid in old files.
Sectors are checked by their DAC category (first three digits), so that a new purpose code is not called wrong.
"""

from functools import cache

import pycountry

VERSIONS = ("2.01", "2.02", "2.03")

ACTIVITY_STATUS = frozenset("123456")
ACTIVITY_DATE_TYPE = frozenset("1234")
DESCRIPTION_TYPE = frozenset("1234")
ORGANISATION_ROLE = frozenset("1234")
ORGANISATION_TYPE = frozenset("10 11 15 21 22 23 24 30 40 60 70 71 72 73 80 90".split())
RESULT_TYPE = frozenset("1239")
INDICATOR_MEASURE = frozenset("12345")
TRANSACTION_TYPE = frozenset("1 2 3 4 5 6 7 8 9 10 11 12 13".split())
BUDGET_TYPE = frozenset("12")
BUDGET_STATUS = frozenset("12")
POLICY_MARKER = frozenset("1 2 3 4 5 6 7 8 9 10 11 12".split())
POLICY_SIGNIFICANCE = frozenset("01234")
REGION = frozenset(
    "88 89 189 269 289 298 389 489 498 589 619 679 689 789 798 889 998 "
    "1027 1028 1029 1030 1031 1032 1033 1034 1035".split()
)
SECTOR_CATEGORY = frozenset(
    (
        "110 111 112 113 114 120 121 122 123 130 140 150 151 152 160 210 220 230 231 232 233 234 235 236 240 250 "
        "310 311 312 313 320 321 322 323 330 331 332 400 410 430 500 510 520 530 600 700 720 730 740 910 920 930 998"
    ).split()
)
TRANSITION_COUNTRIES = frozenset({"XK", "AN", "YU", "CS"})
"""Country codes outside ISO 3166-1 that the standard lists or listed."""

NO_REFS = frozenset({"n/a", "na", "none", "null", "nan", "unknown", "not available", "excluded", "tbd", "other"})
"""What stands in a ref where there is none."""

CHANNEL_CLASSES = frozenset(
    (
        "10000 11000 12000 13000 20000 21000 22000 23000 30000 31000 32000 40000 41000 42000 43000 45000 46000 47000 "
        "50000 51000 52000 60000 61000 62000 63000 90000"
    ).split()
)
"""DAC channel codes of a class ("donor country-based NGO"), which some files give as the ref of many organisations."""

DAC_PURPOSE, DAC_CATEGORY = "1", "2"


@cache
def is_country(code: str) -> bool:
    """Whether it is an ISO 3166-1 alpha-2 code, or one that IATI uses beside them (Kosovo, former countries)."""
    return code in TRANSITION_COUNTRIES or pycountry.countries.get(alpha_2=code) is not None


@cache
def is_currency(code: str) -> bool:
    """Whether it is an ISO 4217 code; withdrawn ones (three capital letters) are accepted where they were in use."""
    return code in _OLD_CURRENCIES or pycountry.currencies.get(alpha_3=code) is not None


def is_sector(vocabulary: str, code: str) -> bool:
    """Whether a sector code can be right in its vocabulary; vocabularies other than the DAC's are not checked."""
    if vocabulary == DAC_PURPOSE:
        return len(code) == 5 and code.isdecimal() and code[:3] in SECTOR_CATEGORY
    if vocabulary == DAC_CATEGORY:
        return code in SECTOR_CATEGORY
    return True


_OLD_CURRENCIES = frozenset(
    "ATS BEF BYR CHE CYP DEM EEK ESP FIM FRF GHC GRD HRK IEP ITL LTL LUF LVL MRO MTL MZM NLG PTE ROL RUR SDD SIT SKK "
    "SLL STD TRL VEB VEF XEU YUM ZMK ZWD ZWL".split()
)
