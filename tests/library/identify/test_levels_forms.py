"""Classes of forms, with examples of their own in several languages, and what only looks like them."""

import pytest

from forvent.identify.levels import find_levels

EXP, GOT = "expected", "experienced"
CASES = [
    # Numbers and units in one word.
    ("cs", "pětidenní čekání na díl", [(5.0, "day", GOT)]),
    ("et", "neljanädalane ootamine", [(4.0, "week", GOT)]),
    ("hy", "հնգօրյա սպասում", [(5.0, "day", "unclear")]),
    ("nb", "ventet på en tredagerslevering", [(3.0, "day", GOT)]),
    ("et", "kolmepäevane reis oli tore", []),
    # One or two of a unit.
    ("en", "they promised it in a week or two", [(2.0, "week", EXP)]),
    ("cs", "slíbili to za den dva", [(2.0, "day", EXP)]),
    ("nb", "de lovte svar om en dag eller to", [(2.0, "day", EXP)]),
    # Halves and quarters.
    ("et", "ootasin tund ja veerand", [(1.25, "hour", GOT)]),
    ("cs", "čekali jsme hodinu a čtvrt", [(1.25, "hour", GOT)]),
    ("zh", "等了仨小时", [(3.0, "hour", GOT)]),
    ("zh", "修了三个来月", [(3.0, "month", GOT)]),
    # Money in local ways.
    ("zh", "结账67块5", [(67.5, "CNY", GOT)]),
    ("zh", "师傅收了我三百六", [(360.0, "CNY", GOT)]),
    ("zh", "实付只减了百分之十五", [(15.0, "percent", GOT)]),
    ("nb", "fakturaen ble på 3200 kroner", [(3200.0, "NOK", GOT)]),
    ("nb", "kassa viste 3 x 40 kr", []),
    # Asked to be told so long ahead; without a wish it is no level.
    ("en", "please tell us two days ahead", [(2.0, "day", EXP)]),
    ("cs", "prosím, dejte vědět hodinu předem", [(1.0, "hour", EXP)]),
    ("zh", "请提前三天通知", [(3.0, "day", EXP)]),
    ("hy", "խնդրում եմ երեք ժամ առաջ զանգեք", [(3.0, "hour", EXP)]),
    ("en", "arrived two days ahead", []),
    # A wish makes its level expected, whatever verb follows.
    ("nb", "Kan dere levere på fire dager?", [(4.0, "day", EXP)]),
    ("et", "Kas saaksite kolme tunniga vastata?", [(3.0, "hour", EXP)]),
    # As agreed: both.
    ("en", "done in three hours, as agreed", [(3.0, "hour", GOT), (3.0, "hour", EXP)]),
    ("nb", "kom på to dager som avtalt", [(2.0, "day", GOT), (2.0, "day", EXP)]),
    ("et", "valmis nelja päevaga, nagu lubatud", [(4.0, "day", GOT), (4.0, "day", EXP)]),
    # What a promise became.
    ("en", "two days turned into nine days", [(2.0, "day", EXP), (9.0, "day", GOT)]),
    ("zh", "三天变成了十天", [(3.0, "day", EXP), (10.0, "day", GOT)]),
    # Another shop is the yardstick, also behind.
    ("cs", "tady čekám týden, jinde dva dny", [(1.0, "week", GOT), (2.0, "day", EXP)]),
    # Nobody had told it.
    ("en", "nobody said it would take six hours", [(6.0, "hour", GOT)]),
    ("cs", "nikdo neřekl, že to bude trvat šest hodin", [(6.0, "hour", GOT)]),
    # Later than a time of day is a lateness.
    ("en", "booked for 18:30, seated an hour later", [(1.0, "hour", "late")]),
    ("nb", "time klokka ti, kom inn 40 minutter senere", [(40.0, "minute", "late")]),
    # The day it came instead of the promised one.
    ("en", "came on Thursday instead of Monday", [("thursday", "date", GOT), ("monday", "date", EXP)]),
    ("et", "tuli esmaspäeva asemel neljapäeval", [("monday", "date", EXP), ("thursday", "date", GOT)]),
    ("cs", "v neděli mají zavřeno", []),
    # The n-th call; the n-th visit of a guest is no effort.
    ("cs", "šestý telefonát kvůli faktuře", [(6.0, "count", GOT)]),
    ("hy", "վեցերորդ զանգն է", [(6.0, "count", GOT)]),
    ("zh", "第六次来了，还是好吃", []),
    # A way is a level only where it was promised.
    (
        "en",
        "the page says five minutes' walk, it took 20 minutes",
        [(5.0, "minute", EXP), (20.0, "minute", GOT)],
    ),
    ("en", "five minutes' walk to the station", []),
    # Ages, prices for a time, idioms.
    ("nb", "sønnen min er 8 måneder", []),
    ("zh", "女儿才8个月", []),
    ("zh", "买了没两天就降价", []),
]


@pytest.mark.parametrize(("language", "text", "levels"), CASES)
def test_forms_of_a_class_are_read_alike(language: str, text: str, levels: list[tuple]) -> None:
    found = [
        (one.level.date or one.level.value, one.level.unit, one.role) for one in find_levels(text, language)
    ]
    assert found == levels
