"""Kinds of levels that were missed or read wrongly, in sentences invented for each kind."""

import pytest

from forvent.identify.levels import find_levels

EXP, GOT = "expected", "experienced"
CASES = [
    # Persons, answers and versions that differ are counted without a verb; two only says that they differ.
    ("en", "three branches, five different answers", [(5.0, "count", GOT)]),
    ("cs", "dostala jsem čtyři různé odpovědi", [(4.0, "count", GOT)]),
    ("nb", "fire ulike forklaringer", [(4.0, "count", GOT)]),
    ("et", "kolm erinevat selgitust", [(3.0, "count", GOT)]),
    ("hy", "հինգ տարբեր պատասխան", [(5.0, "count", GOT)]),
    ("zh", "三个人四种说法", [(4.0, "count", GOT)]),
    ("en", "two different answers", []),
    # Of so many, so many; the verb first or last.
    ("cs", "ze šesti lahví byly celé jen čtyři", [(4.0, "count", GOT)]),
    ("et", "8 pirnist põlesid ainult 5", [(5.0, "count", GOT)]),
    ("zh", "六瓶里只有四瓶是好的", [(4.0, "count", GOT)]),
    ("hy", "ինը աթոռ էինք պատվիրել, յոթը բերեցին", [(9.0, "count", EXP), (7.0, "count", GOT)]),
    ("et", "12 trenni eest maksin, toimus üheksa", [(12.0, "count", EXP), (9.0, "count", GOT)]),
    ("zh", "订了九把椅子，来了七把", [(9.0, "count", EXP), (7.0, "count", GOT)]),
    # A number in a case that no noun follows stands for the unit before it.
    (
        "hy",
        "խոստացան քառասուն րոպեում, երեսունից եկան",
        [(40.0, "minute", EXP), (30.0, "minute", GOT)],
    ),
    ("et", "lubati nelja tunniga, kolmega tehti ära", [(4.0, "hour", EXP), (3.0, "hour", GOT)]),
    # What nobody had mentioned was charged.
    ("en", "nobody had mentioned the £12 fee", [(12.0, "GBP", GOT)]),
    ("cs", "o poplatku 120 Kč nikdo neřekl", [(120.0, "CZK", GOT)]),
    ("nb", "gebyret på 59 kr sto det ingenting om", [(59.0, "NOK", GOT)]),
    ("zh", "12块的服务费没人提过", [(12.0, "CNY", GOT)]),
    # The gap to a promise, what a thing is made of, and from where on delivery is free, are no levels.
    ("nb", "produserer 30 % mindre enn lovet", []),
    ("en", "sold as 100% wool", []),
    ("en", "free delivery over £50", []),
    ("cs", "nad 1000 Kč doprava zdarma", []),
    ("zh", "满99元包邮", []),
    # "Faster than promised" promises nothing before it.
    ("en", "sorted in 36 hours, quicker than they promised", [(36.0, "hour", GOT)]),
    ("nb", "fikset på seks timer, raskere enn lovet", [(6.0, "hour", GOT)]),
    # What another and-clause says belongs to another.
    ("nb", "jeg skrev søndag og fikk svar på to timer", [(2.0, "hour", GOT)]),
    # One of a unit in words of its own.
    ("en", "fixed within the hour", [(1.0, "hour", GOT)]),
    ("nb", "ordnet på én dag", [(1.0, "day", GOT)]),
    ("zh", "上次换屏半天就好，这次拖了四天", [(0.5, "day", EXP), (4.0, "day", GOT)]),
    # Minutes on the road, or to the minute, are no wait.
    ("en", "drove 40 minutes for nothing", []),
    ("et", "saabus minuti pealt", []),
    # How often, in words of their own, and at which attempt.
    ("cs", "dnes jsem volal jedenáctkrát", [(11.0, "count", GOT)]),
    ("cs", "dovolala jsem se až napošesté", [(6.0, "count", GOT)]),
    ("et", "sain läbi alles kuuendal katsel", [(6.0, "count", GOT)]),
    ("en", "got through at the seventh attempt", [(7.0, "count", GOT)]),
    ("nb", "kom gjennom på sjuende forsøk", [(7.0, "count", GOT)]),
    ("zh", "打到第六次才有人接", [(6.0, "count", GOT)]),
    # Long after it was bought it broke.
    ("en", "the dishwasher packed up after 14 months", [(14.0, "month", GOT)]),
    ("et", "pesumasin läks rikki kahe aastaga", [(2.0, "year", GOT)]),
    # Small words for a duration, and durations in one word.
    ("cs", "vyřízeno do hodinky", [(1.0, "hour", GOT)]),
    ("cs", "dvouhodinové čekání", [(2.0, "hour", GOT)]),
    ("et", "ootasin 20 mintsa", [(20.0, "minute", GOT)]),
    ("hy", "երկժամյա հերթ", [(2.0, "hour", GOT)]),
    ("zh", "等了一小时一刻钟", [(1.25, "hour", GOT)]),
    ("zh", "等了10min", [(10.0, "minute", GOT)]),
    # The nineteenth day is not nine days.
    ("zh", "今天第十九天", []),
    # What is usual is expected where "here" has another.
    ("en", "over there it is £60, here it was 110.", [(60.0, "GBP", EXP), (110.0, "GBP", GOT)]),
]


@pytest.mark.parametrize(("language", "text", "levels"), CASES)
def test_kinds_of_levels_that_were_missed_are_found(language: str, text: str, levels: list[tuple]) -> None:
    found = [(one.level.value, one.level.unit, one.role) for one in find_levels(text, language)]
    assert found == levels
