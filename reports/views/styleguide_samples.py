"""Invented content for the style guide, in English and Greek. People, towns and figures agree with each other."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator

from kmop.shared import charts
from kmop.shared.charts import Line, Mark, Point
from kmop.shared.tables import Badge, Cell, Head, Link, Row

SWATCHES = (
    *("bg", "surface", "sunken", "track", "ink", "ink-2", "ink-3", "line-strong"),
    *("accent", "accent-soft", "voice", "voice-soft", "ok", "warn", "bad"),
)
ICONS = ("house", "layout-grid", "clipboard-check", "message-circle", "pencil-line", "handshake", "sprout", "file-text")
ARABIC = "وجدت عملاً في المستودع، لكن المناوبة تنتهي في العاشرة والروضة تغلق في الرابعة."
HUNDREDTH = Decimal("0.01")
TREND = [Decimal(each) for each in (12, 31, 54, 58, 65, 60, 68)]
TREND_PLAN = [Decimal(each) for each in (20, 36, 48, 56, 48, 45, 48)]
AT = datetime(2026, 11, 23, 12, 31, tzinfo=UTC)


def samples(language: str) -> dict[str, Any]:
    """What each part shows, in the language of its half."""

    def say(english: str, greek: str) -> str:
        return greek if language == "el" else english

    makers = (_words, _parts, _figures, _verdicts, _voices, _lists, _drawings)
    return {name: value for make in makers for name, value in make(say).items()}


def _words(say: Any) -> dict[str, Any]:
    return {
        "title": say("Page title", "Τίτλος σελίδας"),
        "crumbs": [
            {"label": say("Portfolio", "Χαρτοφυλάκιο"), "url": "#"},
            {"label": say("Migration and asylum", "Μετανάστευση και άσυλο"), "url": "#"},
            {"label": "Steria"},
        ],
        "badge": Badge(say("Active", "Σε εξέλιξη"), "ok", "circle-play"),
        "facts": [
            {"icon": "hash", "text": "STR-25"},
            {"icon": "calendar", "text": say("1 Feb 2025 – 31 Jan 2028", "1 Φεβ 2025 – 31 Ιαν 2028")},
            {"icon": "map-pin", "text": say("Greece, Italy, Bulgaria", "Ελλάδα, Ιταλία, Βουλγαρία")},
        ],
        "acts": [
            {"label": say("Make a report", "Δημιουργία αναφοράς"), "url": "#", "icon": "file-text"},
            {"label": say("Record a decision", "Καταγραφή απόφασης"), "url": "#", "kind": "main"},
        ],
        "tabs": [
            {"label": say("Overview", "Επισκόπηση"), "url": "#", "current": True},
            {"label": say("Voices", "Φωνές"), "url": "#", "count": 7},
            {"label": say("Results", "Αποτελέσματα"), "url": "#"},
        ],
    }


def _parts(say: Any) -> dict[str, Any]:
    return {
        "refusal": say(
            "You sent this update, so someone else approves it.", "Το στείλατε εσείς, άρα το εγκρίνει άλλος."
        ),
        "button": say("Approve 138", "Έγκριση 138"),
        "second": say("Return", "Επιστροφή"),
        "states": [
            Badge(say("Met", "Καλύφθηκε"), "ok", "circle-check"),
            Badge(say("Confirmed", "Επιβεβαιώθηκε"), "warn", "clock"),
            Badge(say("No decision", "Χωρίς απόφαση"), "bad", "circle-dashed"),
            Badge(say("Promised", "Δεσμεύτηκε"), "info", "handshake"),
            Badge(say("Refused", "Απορρίφθηκε"), "", "ban"),
        ],
        "notes": [
            ("info", say("No connection.", "Χωρίς σύνδεση."), say("3 changes are kept.", "Κρατήθηκαν 3 αλλαγές.")),
            ("warn", say("Drift.", "Απόκλιση."), say("Needs met: 39%.", "Ανάγκες που καλύφθηκαν: 39%.")),
            ("bad", say("Parts are above the total.", "Τα μέρη ξεπερνούν το σύνολο."), "61 + 45 > 100"),
            ("ok", say("Sent.", "Στάλθηκε."), say("Dimitris Vlachos reviews it.", "Το ελέγχει ο Δημήτρης Βλάχος.")),
        ],
        "empty": say("Nothing waits for review.", "Τίποτα δεν περιμένει έλεγχο."),
        "empty_text": say("The next updates are due on 30 November.", "Τα επόμενα αναμένονται στις 30 Νοεμβρίου."),
        "empty_action": Link(say("See the results", "Δείτε τα αποτελέσματα"), "#"),
        "question": say("Close Aug–Oct 2026?", "Να κλείσει η περίοδος Αυγ–Οκτ 2026;"),
        "question_text": say("2 partners have not reported.", "2 εταίροι δεν έχουν στείλει στοιχεία."),
        "confirm": say("Close the period", "Κλείσιμο περιόδου"),
        "cancel": say("Keep it open", "Να μείνει ανοιχτή"),
        "partner": say("City of Aktaia", "Δήμος Ακταίας"),
        "sent": say("Certificates.pdf", "Βεβαιώσεις.pdf"),
        "unit": say("people", "άτομα"),
    }


def _on_plan(say: Any) -> Badge:
    return Badge(say("109% of plan", "109% του σχεδίου"), "ok")


def _below(say: Any) -> Badge:
    return Badge(say("96% of plan", "96% του σχεδίου"), "warn")


def _plan_text(say: Any) -> str:
    return str(say("Plan for 31 Oct 2026: 340 people", "Σχέδιο για 31 Οκτ 2026: 340 άτομα"))


def _work(say: Any) -> Any:
    return {
        "name": say("In paid work after 6 months", "Σε αμειβόμενη εργασία μετά από 6 μήνες"),
        "code": "1.a", "actual": Decimal(372), "state": "reported", "href": "#", "target": Decimal(600),
        "unit": say("people", "άτομα"), "plan": Decimal(340), "share": 62 * HUNDREDTH, "plan_share": 57 * HUNDREDTH,
        "plan_text": _plan_text(say), "progress_text": _on_plan(say).word, "badge": _on_plan(say), "trend": TREND,
        "trend_plan": TREND_PLAN, "on": True, "needs": say("Needs 1, 4", "Ανάγκες 1, 4"), "needs_url": "#",
        "parts": [
            {"caption": say("By sex", "Κατά φύλο"), "rows": [
                {"label": say("Women", "Γυναίκες"), "value": 191, "state": "reported", "share": 51 * HUNDREDTH,
                 "kind": "women", "percent": 51 * HUNDREDTH},
                {"label": say("Men", "Άνδρες"), "value": 175, "state": "reported", "share": 47 * HUNDREDTH,
                 "kind": "men", "percent": 47 * HUNDREDTH},
            ]},
            {"caption": say("By place", "Κατά τόπο"), "rows": [
                {"label": say("Aktaia", "Ακταία"), "value": 180, "state": "reported", "share": 48 * HUNDREDTH,
                 "kind": "place"},
                {"label": "Plovdiv", "value": 0, "state": "reported", "share": 0, "kind": "place"},
            ]},
        ],
        "parts_note": say("By sex: 366 of 372.", "Κατά φύλο: 366 από 372."),
    }  # fmt: skip


def _missing(say: Any) -> Any:
    return {
        "name": say("Hours of evening class held", "Ώρες απογευματινών μαθημάτων"), "code": "2.1.c", "actual": None,
        "state": "not_reported", "target": Decimal(640), "unit": say("hours", "ώρες"), "plan": Decimal(360),
        "share": None, "plan_share": None, "badge": _below(say), "plan_text": _plan_text(say),
        "progress_text": say("2 partners, due 30 Nov", "2 εταίροι, έως 30 Νοε"), "trend": [1, 4, None, 9, 12, None],
        "trend_plan": [3, 5, 8, 9, 9, 9],
    }  # fmt: skip


def _hidden(say: Any) -> Any:
    return {
        "name": say("Survivors of trafficking accompanied", "Επιζώντες εμπορίας που συνοδεύτηκαν"), "code": "3.c",
        "actual": None, "state": "suppressed", "target": Decimal(20), "unit": say("people", "άτομα"),
        "plan": Decimal(12), "share": None, "progress_text": say("too few to show", "πολύ λίγοι για να φανούν"),
    }  # fmt: skip


def _explained(say: Any) -> Any:
    return [
        {"who": say("KMOP, Aktaia", "ΚΜΟΠ, Ακταία"), "figure": 142, "state": "reported", "href": "#",
         "sub": say("to Oct 2026 · approved 12 Nov 2026", "έως Οκτ 2026 · εγκρίθηκε 12 Νοε 2026")},
        {"who": say("City of Aktaia", "Δήμος Ακταίας"), "figure": 47, "state": "reported", "href": "#", "warn": True,
         "sub": say("to Jul 2026 · Aug–Oct not reported", "έως Ιουλ 2026 · Αυγ–Οκτ δεν στάλθηκαν")},
    ]  # fmt: skip


def _figures(say: Any) -> dict[str, Any]:
    work, missing = _work(say), _missing(say)
    return {
        "plan_items": [work, missing],
        "indicators": [work, missing, _hidden(say)],
        "plan_head": say("Plan, Oct 2026", "Σχέδιο, Οκτ 2026"),
        "outcome": say("People work, and the work is decent", "Οι άνθρωποι έχουν αξιοπρεπή εργασία"),
        "level": say("Outcome 1", "Αποτέλεσμα 1"),
        "on_plan": _on_plan(say),
        "explained": _explained(say),
        "explain_title": say("189 people in paid work", "189 άτομα σε εργασία"),
        "explain_text": say("The sum of 2 partners’ approved figures.", "Το άθροισμα των στοιχείων 2 εταίρων."),
        "explain_facts": [{"label": say("Progress", "Πρόοδος"), "text": "(372 − 0) ÷ (600 − 0) = 62%"}],
        "day": date(2026, 11, 23),
        "stats": [
            {"label": say("Spent", "Δαπανήθηκαν"), "shown": "54%", "under": say("of €2,400,000", "από 2.400.000 €")},
            {"label": say("Against plan", "Έναντι σχεδίου"), "shown": "93%", "under": say("−€94,000", "−94.000 €")},
            {"label": say("Time", "Χρόνος"), "shown": "60%", "under": say("month 22 of 36", "μήνας 22 από 36")},
        ],
    }  # fmt: skip


def _verdicts(say: Any) -> dict[str, Any]:
    return {
        "verdicts": [
            {
                "kind": "figure", "question": say("Is it on course?", "Είναι σε καλό δρόμο;"), "big": "4",
                "of": say(" of 4", " από 4"), "answer": say("So far yes, on incomplete figures.", "Ως τώρα ναι."),
                "text": say("Two still lack a partner’s figures.", "Σε δύο λείπουν στοιχεία ενός εταίρου."),
                "drawing": charts.segments(2, 2, 4),
                "scale": [{"label": say("Complete", "Πλήρη"), "figure": 2}],
                "links": [{"label": say("Explain this number", "Πώς βγήκε"), "url": "#"}],
            },
            {
                "kind": "voice", "question": say("Is it what people say they need?", "Είναι αυτό που ζητούν;"),
                "big": "39", "of": "%", "answer": say("For less than half.", "Για λιγότερους από τους μισούς."),
                "text": say("493 of 1,264 people say so.", "493 από 1.264 άτομα το λένε."),
                "drawing": charts.bar(39 * HUNDREDTH, 50 * HUNDREDTH, kind="voice", soft=52 * HUNDREDTH, size="l"),
                "scale": [{"label": say("Met", "Καλύφθηκε"), "figure": "39%"}],
                "links": [{"label": say("Explain this number", "Πώς βγήκε"), "url": "#"}],
            },
        ],
    }  # fmt: skip


def _voices(say: Any) -> dict[str, Any]:
    childcare = say("Childcare during courses and shifts", "Φύλαξη παιδιών σε μαθήματα και βάρδιες")
    lessons = say("Greek lessons in the evening", "Μαθήματα ελληνικών το απόγευμα")
    return {
        "needs": [
            {"rank": 1, "name": childcare, "url": "#", "share": 1, "people": 812,
             "badge": Badge(say("No decision", "Χωρίς απόφαση"), "bad", "circle-dashed")},
            {"rank": 2, "name": lessons, "url": "#", "share": Decimal("0.697"), "people": 566,
             "badge": Badge(say("Met", "Καλύφθηκε"), "ok", "circle-check")},
        ],
        "quote": say("I found work, but the shift ends at ten and the kindergarten closes at four.",
                     "Βρήκα δουλειά, αλλά η βάρδια τελειώνει στις δέκα και ο παιδικός κλείνει στις τέσσερις."),
        "original": ARABIC,
        "quote_facts": [say("Woman, 25–39", "Γυναίκα, 25–39"), say("Aktaia", "Ακταία")],
        "ledger": [{
            "said": say("Lessons at ten in the morning are for people without work.", "Μαθήματα στις δέκα το πρωί;"),
            "people": 566, "badge": Badge(say("Yes", "Ναι"), "ok"),
            "decided": say("14 Jul 2026, Eleni Markou", "14 Ιουλ 2026, Ελένη Μάρκου"),
            "changed": [{"label": say("4 evening classes", "4 απογευματινά τμήματα"), "url": "#"}],
        }],
        "time": [
            {"text": say("Approved by Dimitris Vlachos", "Εγκρίθηκε από τον Δημήτρη Βλάχο"), "when": AT},
            {"text": say("Sent by Nikos Raptis", "Στάλθηκε από τον Νίκο Ράπτη"), "when": AT},
        ],
    }  # fmt: skip


def _lists(say: Any) -> dict[str, Any]:
    people = say("People", "Άτομα")
    state = say("State", "Κατάσταση")
    due = Badge(say("Due", "Εκκρεμεί"), "warn", "clock")
    done = Badge(say("Approved", "Εγκρίθηκε"), "ok")
    data = [(say("City of Aktaia", "Δήμος Ακταίας"), due, 1302), (say("Rodopi Foundation", "Ίδρυμα Ροδόπη"), done, 0)]
    late = Badge(say("2 days late", "2 μέρες καθυστέρηση"), "bad", "calendar-x")
    return {
        "columns": [
            Head(say("Partner", "Εταίρος"), False, "#", "ascending"),
            Head(state, False),
            Head(people, True, "#"),
        ],
        "rows": [Row("#", [Cell(name, "", False), Cell(badge, state, False), Cell(count, people, True)])
                 for name, badge, count in data],
        "page": Paginator(list(range(60)), 25).page(1),
        "pages": [Link("1", "#", True), Link("2", "#"), Link("3", "#")],
        "to_do": [
            {"icon": "message-circle", "voice": True, "title": say("Answer: “The shift ends”", "Απάντηση: «Η βάρδια»"),
             "url": "#", "sub": say("Steria, Aktaia · in Arabic", "Steria, Ακταία · αραβικά"), "badge": late,
             "act": say("Answer", "Απάντηση"), "main": True},
            {"icon": "clipboard-check", "title": say("Review 12 updates, 3 with flags", "Έλεγχος 12 ενημερώσεων"),
             "url": "#", "sub": "Steria 5, Spiti 2", "badge": due, "act": say("Review", "Έλεγχος")},
        ],
        "risks": [{"badge": Badge("12", "bad", "triangle-alert"), "url": "#", "sub": "4 × 3",
                   "title": say("Interpreters leave in January", "Οι διερμηνείς φεύγουν τον Ιανουάριο")}],
        "queue": [{"title": say("With flags", "Με σημάνσεις"), "count": 1, "rows": [
            {"url": "#", "current": True, "title": say("Vocational course completed", "Ολοκλήρωσαν κατάρτιση"),
             "figure": "138", "sub": say("City of Aktaia · STR-25", "Δήμος Ακταίας · STR-25"),
             "before": say("before 90", "πριν 90"), "badge": Badge(say("Jump", "Άλμα"), "warn", "trending-up")},
        ]}],
        "matrix_heads": [say("Women", "Γυναίκες"), say("Men", "Άνδρες")],
        "matrix_rows": [{"label": "18–24", "sum": 72, "last_sum": 21, "cells": [
            {"name": "a", "value": 11, "last": 9, "label": say("Women, 18–24", "Γυναίκες, 18–24")},
            {"name": "b", "value": 61, "last": 12, "label": say("Men, 18–24", "Άνδρες, 18–24"), "warn": True}]}],
        "matrix_sums": [{"sum": 11, "last": 9}, {"sum": 61, "last": 12}, {"sum": 72, "last": 21}],
        "choices": [
            {"value": "n", "label": say("A number", "Αριθμός"), "sub": say("0 too", "Και το 0"), "checked": True},
            {"value": "x", "label": say("Not counted yet", "Δεν μετρήθηκε ακόμη"), "sub": say("say why", "γιατί")},
        ],
    }  # fmt: skip


def _drawings(say: Any) -> dict[str, Any]:
    return {
        "spark": [Decimal(each) for each in (12, 31, 54, 58, 65, 60, 68)],
        "spark_gap": [Decimal(12), Decimal(31), None, Decimal(58), Decimal(68)],
        "points": [
            Point("Apr 25", 22),
            Point("Jul 25", 28),
            Point("Oct 25", None),
            Point("Jan 26", 90),
            Point("Apr 26", 138),
        ],
        "burn": [
            Line([0, 300_000, 700_000, 1_390_000, 1_900_000, 2_400_000], say("planned", "σχέδιο"), "l5"),
            Line([0, 250_000, 640_000, 1_296_000], say("spent", "δαπάνες")),
        ],
        "burn_labels": ["Feb 2025", "", "Feb 2026", "", "Feb 2027", ""],
        "burn_now": (3, say("today", "σήμερα")),
        "burn_title": say("€1,296,000 spent of €1,390,000 planned.", "1.296.000 € από 1.390.000 € του σχεδίου."),
        "marks": [Mark("Steria", 1, Decimal("0.39"), True), Mark("Spiti", Decimal("0.2"), Decimal("0.58"))],
        "across": say("Outcome indicators on plan", "Δείκτες στο σχέδιο"),
        "up": say("Needs met", "Ανάγκες που καλύφθηκαν"),
        "corner": say("paced by targets", "μόνο κατά τους στόχους"),
        "parts": [(51, "women"), (47, "men"), (2, "quiet")],
    }


def sample_form(language: str, prefix: str) -> forms.Form:
    """A sent form with one field wrong and one locked."""

    def say(english: str, greek: str) -> str:
        return greek if language == "el" else english

    form = forms.Form({f"{prefix}-place": "Aktaia", f"{prefix}-people": "1o4"}, prefix=prefix)
    form.fields["place"] = forms.CharField(
        label=say("Place", "Τόπος"), help_text=say("The town, not the street", "Την πόλη, όχι την οδό")
    )
    form.fields["people"] = forms.IntegerField(label=say("People", "Άτομα"))
    form.fields["locked"] = forms.CharField(
        label=say("Period (locked)", "Περίοδος (κλειστή)"), disabled=True, required=False
    )
    form.fields["board"] = forms.BooleanField(
        label=say("Show on the public board", "Να φαίνεται δημόσια"), required=False
    )
    return form
