"""Documents that hold every kind of block, in English, Greek and Arabic."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

from reports.catalogue import blocks as b

META = b.Meta(
    report="project-progress",
    subject="STR-25",
    run="187",
    as_of=date(2026, 10, 31),
    frozen_at=datetime(2026, 11, 23, 13, 20, tzinfo=UTC),
    frozen_by="Eleni Markou",
    short="Steria · Progress report 4",
    zone="Europe/Athens",
    parameters=(b.KeyValue("Project", "STR-25"),),
)


def outcomes(heads: tuple[str, ...], names: tuple[str, ...], caption: str) -> b.Table:
    """A table with every kind of cell: numbers, a bar, a percentage, a date and the kinds of empty."""
    kinds = (b.Kind.CODE, b.Kind.TEXT, b.Kind.NUMBER, b.Kind.NUMBER, b.Kind.NUMBER, b.Kind.BAR, b.Kind.PERCENT)
    columns = tuple(
        b.Column(head, kind, strong=at == 4) for at, (head, kind) in enumerate(zip(heads, kinds, strict=True))
    )
    rows: list[b.Row] = [
        ("1.a", names[0], D(600), D(340), D(372), b.Bar(D("0.62"), D("0.567")), D("1.09")),
        ("2.a", names[1], D(900), D(520), D("498.5"), b.Bar(D("0.553"), D("0.578")), D("0.96")),
        ("2.b", names[2], D(3), D(1), D(0), b.Bar(D(0), D("0.33")), D(0)),
        ("2.c", names[3], D(640), D(360), b.Empty.NOT_REPORTED, b.Bar(None), None),
        ("3.c", names[4], D(20), D(12), b.Empty.SUPPRESSED, None, b.Empty.NOT_APPLICABLE),
    ]
    return b.Table(caption, columns, tuple(rows), note=names[5], name=caption[:20])


def english() -> b.Document:
    """A whole progress report."""
    heads = ("No", "Outcome indicator", "Target", "Plan", "Actual", "Progress", "Of plan")
    names = (
        "In paid work 6 months after the course",
        "Reached level A2 in Greek",
        "Cities that pay for the service themselves",
        "Hours of evening class held",
        "Survivors of trafficking accompanied",
        "The dark mark is the plan to date.",
    )
    shoes = "We need money for work shoes."
    said = "I found work in the warehouse, but the shift ends at ten and the kindergarten closes at four."
    return b.Document(
        title="Steria: work, language and care for displaced families",
        subtitle="To the Asylum, Migration and Integration Fund and the City of Aktaia",
        kicker="Progress report 4 · August – October 2026",
        language="en",
        meta=META,
        cover=(
            b.Pairs(
                (b.Figures((_course("Is it on course?", "of 4 outcome indicators at or above plan"),)),),
                (b.Figures((_needs("Is it what people say they need?", "of voices met"),)),),
            ),
            b.KeyValues(
                (b.KeyValue("Project", "STR-25"), b.KeyValue("Coordinator", "KMOP, with seven partners of all sectors"))
            ),
        ),
        blocks=(
            b.Heading(1, "Results"),
            b.Text(("Three of four outcomes stand at or above plan.",), b.Style.LEAD),
            outcomes(heads, names, "Outcomes, to 31 October 2026"),
            b.Pairs(
                (
                    b.Heading(2, "People in paid work"),
                    b.Text(("Of 372 people, 191 are women (51%).", "6 did not say.")),
                ),
                (
                    b.Heading(2, "What people say about it"),
                    b.Voices(
                        (
                            b.Voice(said, "en", ("Woman, 25–39", "Aktaia"), "وجدت عملاً في المستودع", "ar"),
                            b.Voice("Lessons at ten are for people without work.", "en", ("Man",), paraphrase=True),
                        )
                    ),
                ),
            ),
            b.Heading(2, "What we changed because of it"),
            b.Ledger(
                (
                    b.Change(
                        "Lessons at ten.",
                        b.Mark("Yes", b.Tone.OK),
                        "4 evening classes",
                        "566 voices",
                        date(2026, 7, 14),
                    ),
                    b.Change(shoes, b.Mark("No"), "The fund does not allow cash", "190 voices", date(2026, 10, 9)),
                )
            ),
            b.Text(("Actual is the sum of partners’ latest approved totals.",), b.Style.SMALL),
            chart(
                "Evening classes grew each quarter", ("Q1", "Q2", "Q3"), "Classes: 4, 9, not reported; plan 5, 8, 12."
            ),
            b.Heading(1, "Money"),
            b.Figures(
                (
                    b.Figure("Spent", D(1296000), b.Kind.MONEY, "EUR", "of €2,400,000", bar=b.Bar(D("0.54"), D("0.6"))),
                    b.Figure("Hours", b.Empty.NOT_REPORTED, under="due 30 November"),
                    b.Figure("Answered", D("0.914"), b.Kind.PERCENT, "in time", side=b.Side.VOICE, decimals=1),
                )
            ),
            b.Note("Two partners have not reported August–October.", b.Tone.WARN),
            b.Bullets(("The course in Plovdiv ends in December.", "The lease ends in May.")),
            b.PageBreak(),
            b.Heading(1, "Risks"),
            money("Budget lines", "Line", "Budget", "Spent", "State", "Due"),
        ),
    )


def _course(label: str, unit: str) -> b.Figure:
    return b.Figure(label, D(3), unit=unit, under="54% / 52%", bar=b.Bar(D("0.54"), D("0.52")))


def _needs(label: str, unit: str) -> b.Figure:
    return b.Figure(label, D("0.39"), b.Kind.PERCENT, unit, "1,064 / 2,694", b.Side.VOICE, b.Bar(D("0.395"), D("0.5")))


def chart(title: str, categories: tuple[str, ...], description: str) -> b.Chart:
    """Lines with a plan and a gap."""
    actual = b.Series("Classes", (D(4), D(9), None))
    plan = b.Series("Plan", (D(5), D(8), D(12)), b.Role.PLAN)
    return b.Chart(b.Form.LINE, title, description, categories, (actual, plan))


def money(caption: str, *heads: str) -> b.Table:
    """Money, marks and dates with a total."""
    kinds = (b.Kind.TEXT, b.Kind.MONEY, b.Kind.MONEY, b.Kind.MARK, b.Kind.DATE)
    columns = tuple(
        b.Column(head, kind, "EUR" if kind == b.Kind.MONEY else "") for head, kind in zip(heads, kinds, strict=True)
    )
    rows: tuple[b.Row, ...] = (
        ("Staff", D("800000"), D("410000.50"), b.Mark("on time", b.Tone.OK), date(2026, 11, 30)),
        ("=1+1 & <b>rent</b>", D("1600000"), D("885999.50"), b.Mark("late", b.Tone.BAD), None),
    )
    return b.Table(caption, columns, rows, ("Total", D("2400000"), D("1296000"), None, None))


def greek() -> b.Document:
    """A report in Greek."""
    heads = ("Αρ.", "Δείκτης αποτελέσματος", "Στόχος", "Σχέδιο", "Τιμή", "Πρόοδος", "Επί του σχεδίου")
    names = (
        "Σε αμειβόμενη εργασία 6 μήνες μετά το μάθημα",
        "Έφτασαν στο επίπεδο Α2 στα ελληνικά",
        "Πόλεις που πληρώνουν οι ίδιες την υπηρεσία",
        "Ώρες βραδινών μαθημάτων",
        "Θύματα εμπορίας που συνοδεύτηκαν",
        "Το σκούρο σημάδι είναι το σχέδιο έως σήμερα.",
    )
    return b.Document(
        title="Στέρια: εργασία, γλώσσα και φροντίδα για εκτοπισμένες οικογένειες",
        subtitle="Προς το Ταμείο Ασύλου, Μετανάστευσης και Ένταξης και τον Δήμο Ακταίας",
        kicker="Έκθεση προόδου 4 · Αύγουστος – Οκτώβριος 2026",
        language="el",
        meta=META,
        cover=(
            b.Pairs(
                (b.Figures((_course("Είναι σε καλό δρόμο;", "από 4 δείκτες στο σχέδιο ή πάνω"),)),),
                (b.Figures((_needs("Είναι αυτό που λένε οι άνθρωποι ότι χρειάζονται;", "των φωνών ικανοποιήθηκαν"),)),),
            ),
        ),
        blocks=(
            b.Heading(1, "Αποτελέσματα"),
            b.Text(("Τρία από τα τέσσερα αποτελέσματα βρίσκονται στο σχέδιο ή πάνω από αυτό.",), b.Style.LEAD),
            outcomes(heads, names, "Αποτελέσματα έως 31 Οκτωβρίου 2026"),
            b.Heading(2, "Τι έβαλαν πρώτο οι άνθρωποι"),
            b.Voices(
                (b.Voice("Βρήκα δουλειά, αλλά ο παιδικός σταθμός κλείνει στις τέσσερις.", "el", ("Γυναίκα, 25–39",)),)
            ),
            b.Heading(1, "Χρήματα"),
            money("Γραμμές προϋπολογισμού", "Γραμμή", "Προϋπολογισμός", "Δαπάνη", "Κατάσταση", "Λήγει"),
        ),
    )


def arabic() -> b.Document:
    """A report in Arabic, right to left."""
    heads = ("رقم", "مؤشر النتيجة", "الهدف", "الخطة", "الفعلي", "التقدم", "من الخطة")
    names = (
        "في عمل مدفوع الأجر بعد 6 أشهر من الدورة",
        "وصلوا إلى المستوى A2 في اليونانية",
        "مدن تدفع ثمن الخدمة بنفسها",
        "ساعات الدروس المسائية",
        "ناجيات من الاتجار تمت مرافقتهن",
        "العلامة الداكنة هي الخطة حتى اليوم.",
    )
    return b.Document(
        title="ستيريا: عمل ولغة ورعاية للأسر النازحة",
        subtitle="إلى صندوق اللجوء والهجرة والاندماج",
        kicker="تقرير التقدم 4 · أغسطس – أكتوبر 2026",
        language="ar",
        meta=META,
        cover=(
            b.Pairs(
                (b.Figures((_course("هل يسير على الطريق؟", "من 4 مؤشرات"),)),),
                (b.Figures((_needs("هل هو ما يقول الناس إنهم يحتاجونه؟", "من الأصوات"),)),),
            ),
        ),
        blocks=(
            b.Heading(1, "النتائج"),
            b.Text(("ثلاث من أربع نتائج عند الخطة أو أعلى منها.",), b.Style.LEAD),
            outcomes(heads, names, "النتائج حتى 31 أكتوبر 2026"),
            b.Heading(2, "ما يقوله الناس"),
            b.Voices((b.Voice("وجدت عملاً في المستودع، لكن روضة الأطفال تغلق في الرابعة.", "ar", ("امرأة، 25–39",)),)),
            b.Heading(1, "المال"),
            money("بنود الميزانية", "البند", "الميزانية", "المصروف", "الحالة", "الموعد"),
        ),
    )
