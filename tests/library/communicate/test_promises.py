"""What customers are told, word by word in six languages; and when nothing is said."""

from dataclasses import replace

import pytest

from forvent.communicate import not_enough_sentences, promise_sentences, why_not_supported
from forvent.errors import BadOption
from forvent.records import Estimate, NoPromise, NotEnough, Promise
from forvent.stats import wilson
from forvent.tables import LANGUAGES

NONE = NotEnough(n=0, needed=5, why="no promise of their own")
KEPT = wilson(1742, 1820)


def promise(upper: float = 24.0, unit: str = "day", *, by_day: bool = False) -> Promise:
    return Promise(
        group={},
        upper=upper,
        unit=unit,
        level=0.95,
        n=2518,
        by_day=by_day,
        kept_later=KEPT,
        own_promise=None,
        own_kept=NONE,
        padded=False,
    )


BY_DAY = {
    "en": "You will have it at the latest {} after your order.",
    "cs": "Nejdelší lhůta od Vaší objednávky (v kalendářních dnech): {}.",
    "hy": "Կստանաք պատվիրելուց հետո ամենաուշը {} անց (օրացուցային օրերով)։",
    "nb": "Du får det senest {} etter bestillingen.",
    "et": "Tellimusest kättesaamiseni kulub kalendripäevades arvestatuna kõige rohkem {}.",
    "zh": "最迟在您下单后{}（按日历日计算）送达。",
}
WITHIN = {
    "en": "You will have it within {}.",
    "cs": "Dodáme Vám to nejpozději v této lhůtě: {}.",
    "hy": "Կստանաք ամենաուշը {} անց։",
    "nb": "Du får det i løpet av {}.",
    "et": "Kättesaamiseni kulub kõige rohkem {}.",
    "zh": "您最迟会在{}内收到。",
}
EVIDENCE = {
    "en": "We keep this in 95% of cases (1,820 orders).",
    "cs": "Toto dodržujeme v 95_% případů (1_820 objednávek).",
    "hy": "Այս խոստումը պահում ենք․ կատարված դեպքեր՝ 95% (1_820 պատվեր)։",
    "nb": "Dette holder vi i 95_% av tilfellene (1_820 bestillinger).",
    "et": "Sellest peame kinni 95% juhtudest (1_820 tellimust).",
    "zh": "在95%的情况下我们做到了这一点（1,820个订单）。",
}
CALENDAR_DAYS = {
    "en": ("1 day", "2 days", "5 days", "24 days"),
    "cs": ("1 den", "2 dny", "5 dnů", "24 dnů"),
    "hy": ("1 օր", "2 օր", "5 օր", "24 օր"),
    "nb": ("1 dag", "2 dager", "5 dager", "24 dager"),
    "et": ("1 päev", "2 päeva", "5 päeva", "24 päeva"),
    "zh": ("1天", "2天", "5天", "24天"),
}
MINUTES_AND_HOURS = {
    "en": ("45 minutes", "2 hours"),
    "cs": ("45 minut", "2 hodiny"),
    "hy": ("45 րոպե", "2 ժամ"),
    "nb": ("45 minutter", "2 timer"),
    "et": ("45 minutit", "2 tundi"),
    "zh": ("45分钟", "2小时"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("place", "days"), list(enumerate((1, 2, 5, 24))))
def test_says_by_which_day(language: str, place: int, days: int) -> None:
    said = promise_sentences(promise(float(days), by_day=True), languages=(language,))[0]
    assert said.text == BY_DAY[language].format(CALENDAR_DAYS[language][place])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("place", "upper", "unit"), [(0, 45.0, "minute"), (1, 2.0, "hour")])
def test_says_within_which_time(language: str, place: int, upper: float, unit: str) -> None:
    said = promise_sentences(promise(upper, unit), languages=(language,))[0]
    assert said.text == WITHIN[language].format(MINUTES_AND_HOURS[language][place])


@pytest.mark.parametrize("language", LANGUAGES)
def test_gives_the_share_kept_later_and_its_count_as_evidence(language: str) -> None:
    # 1,742 of 1,820 are 95.7 %: the share is rounded down.
    said = promise_sentences(promise(), languages=(language,), noun="orders")[0]
    assert said.evidence == EVIDENCE[language].replace("_", "\N{NO-BREAK SPACE}")


def test_speaks_all_six_languages_in_their_order() -> None:
    assert tuple(said.language for said in promise_sentences(promise())) == LANGUAGES


@pytest.mark.parametrize(
    ("kept_later", "reason"),
    [
        (wilson(1742, 1820), None),
        # Below the level, but its interval reaches it.
        (wilson(94, 100), None),
        (wilson(900, 1000), "the later part of the record kept it less often than its level"),
        (NotEnough(n=4, needed=5, why="few"), "too few later cases show whether it is kept"),
    ],
)
def test_is_silent_where_the_record_contradicts_the_promise(
    kept_later: Estimate | NotEnough, reason: str | None
) -> None:
    checked = replace(promise(), kept_later=kept_later)
    assert why_not_supported(checked) == reason
    assert bool(promise_sentences(checked)) is (reason is None)


def test_gives_the_reason_of_an_absent_promise() -> None:
    few = NotEnough(n=7, needed=19, why="a limit at level 0.95 needs 19 cases")
    assert why_not_supported(NoPromise({}, 0.95, few)) == "a limit at level 0.95 needs 19 cases"


def test_says_that_cases_are_too_few() -> None:
    few = NotEnough(n=7, needed=19, why="a limit at level 0.95 needs 19 cases")
    said = not_enough_sentences(NoPromise({}, 0.95, few))
    assert tuple(sentence.language for sentence in said) == LANGUAGES
    assert said[0].text == "We do not have enough cases yet to promise a time (7 cases)."
    assert said[1].text == "Zatím nemáme dost případů, abychom mohli slíbit lhůtu (7 případů)."
    assert said[2].text == "Ժամկետ խոստանալու համար դեռ բավարար դեպքեր չունենք (7 դեպք)։"
    assert said[3].text == "Vi har ikke nok saker ennå til å love en tid (7 saker)."
    assert said[4].text == "Meil ei ole tähtaja lubamiseks veel piisavalt juhtumeid (7 juhtumit)."
    assert said[5].text == "目前案例还不够多，我们暂时无法承诺时间（7个案例）。"
    assert all(sentence.evidence == "" for sentence in said)


def test_refuses_to_say_a_promise_that_was_not_rounded() -> None:
    with pytest.raises(BadOption) as error:
        promise_sentences(promise(3.25))
    assert str(error.value) == "A promise of 3.25 days cannot be said. Round it up to whole units first."
