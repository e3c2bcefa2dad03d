import pytest

from forvent.identify.levels_tied import levels_of
from forvent.language import Span


def whole(text: str, *ids: str) -> dict[str, Span]:
    return dict.fromkeys(ids, Span(0, len(text)))


def said(text: str, language: str, *ids: str, wished: tuple[str, ...] = ()) -> dict[str, tuple]:
    pairs = levels_of(text, language, whole(text, *ids), wished=wished)
    return {
        name: tuple(None if one is None else (one.date or one.value, one.unit) for one in pair)
        for name, pair in pairs.items()
    }


def test_a_level_goes_to_the_nearest_clause_that_can_have_its_unit() -> None:
    text = "The desk answered in two days, and the parcel took a week."
    pairs = levels_of(text, "en", {"fast_response": Span(0, 29), "fast_delivery": Span(31, len(text))})
    assert {name: got.value for name, (_, got) in pairs.items() if got} == {
        "fast_response": 2.0,
        "fast_delivery": 1.0,
    }


def test_a_price_is_no_level_of_a_wait() -> None:
    assert said("We paid 40 euros", "en", "fast_delivery") == {}
    assert said("We paid 40 euros", "en", "fair_price", "fast_delivery") == {
        "fair_price": (None, (40.0, "EUR"))
    }


def test_one_level_serves_one_expectation() -> None:
    assert len(said("they promised two days", "en", "on_time", "fast_delivery")) == 1


def test_what_was_got_follows_its_promise() -> None:
    found = said("promised 2 days, took 5", "en", "fast_delivery", "on_time")
    assert found == {"on_time": ((2.0, "day"), (5.0, "day"))}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "it came four days late"),
        ("cs", "přišlo to se zpožděním čtyři dny"),
        ("nb", "pakken var fire dager forsinket"),
        ("et", "pakk hilines neli päeva"),
        ("hy", "ուշացավ չորս օր"),
        ("zh", "晚到了四天"),
    ],
)
def test_a_lateness_alone_is_no_level(language: str, text: str) -> None:
    assert said(text, language, "on_time") == {}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "promised two days, it came four days late"),
        ("cs", "slíbili dva dny, zpoždění čtyři dny"),
        ("zh", "承诺两天内送达，晚到了四天"),
    ],
)
def test_a_lateness_beside_its_promise_says_what_was_got(language: str, text: str) -> None:
    assert said(text, language, "on_time") == {"on_time": ((2.0, "day"), (6.0, "day"))}


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "they promised it by Friday", "friday"),
        ("en", "should be here before Christmas", "12-25"),
        ("cs", "mělo to přijít do pátku", "friday"),
        ("cs", "slíbili to do 24. 12.", "12-24"),
        ("nb", "skulle komme innen fredag", "friday"),
        ("et", "lubati reedeks", "friday"),
        ("hy", "խոստացան մինչև ուրբաթ", "friday"),
        ("zh", "承诺12月24日前到货", "12-24"),
    ],
)
def test_a_day_that_was_promised_is_a_level(language: str, text: str, day: str) -> None:
    assert said(text, language, "on_time") == {"on_time": ((day, "date"), None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "ordered on Friday, lovely mug"),
        ("en", "open Monday to Friday"),
        ("cs", "objednáno v pátek 24. 12."),
        ("nb", "bestilte på fredag"),
        ("zh", "星期五去的"),
    ],
)
def test_a_day_without_a_promise_is_none(language: str, text: str) -> None:
    assert said(text, language, "on_time") == {}


def test_the_day_it_came_stands_beside_the_day_promised() -> None:
    found = said("promised Friday, came on Tuesday", "en", "on_time")
    assert found == {"on_time": (("friday", "date"), ("tuesday", "date"))}


@pytest.mark.parametrize(
    ("language", "text", "times"),
    [
        ("en", "had to call 3 times", 3),
        ("en", "I asked twice", 2),
        ("cs", "musel jsem volat třikrát", 3),
        ("nb", "måtte ringe tre ganger", 3),
        ("et", "pidin helistama kolm korda", 3),
        ("hy", "ստիպված երեք անգամ զանգեցի", 3),
        ("zh", "打了三次电话", 3),
    ],
)
def test_how_often_somebody_had_to_try_is_a_count(language: str, text: str, times: int) -> None:
    assert said(text, language, "problem_solved") == {"problem_solved": (None, (float(times), "count"))}


def test_counts_of_things_know_how_many_there_should_have_been() -> None:
    text = "we got 2 of 5 plates"
    [(_, got)] = levels_of(text, "en", whole(text, "complete_order")).values()
    assert got is not None
    assert (got.value, got.of) == (2.0, 5.0)
    assert said("ordered six plates, got four plates", "en", "complete_order") == {
        "complete_order": ((6.0, "count"), (4.0, "count"))
    }


def test_frequencies_and_ratings_are_no_counts() -> None:
    for text in ("I call there three times a week", "3 of 5 stars", "twice as expensive"):
        assert said(text, "en", "problem_solved") == {}, text


def test_what_another_shop_does_is_expected() -> None:
    found = said("At the other shop it takes two days, here it took ten days", "en", "fast_delivery")
    assert found == {"fast_delivery": ((2.0, "day"), (10.0, "day"))}


def test_what_is_only_wished_for_is_expected() -> None:
    text = "24 hours for an answer"
    assert said(text, "en", "fast_response", wished=("fast_response",)) == {
        "fast_response": ((24.0, "hour"), None)
    }


def test_a_number_alone_answers_the_level_before_it() -> None:
    assert said("quoted 240 euros, in the end the bill was 315.", "en", "transparent_price") == {
        "transparent_price": ((240.0, "EUR"), (315.0, "EUR"))
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "versprochen waren 2 Tage, gedauert hat es 5 Tage"),
        ("es", "prometieron 2 días, tardó 5 días"),
        ("fr", "promis sous 2 jours, reçu après 5 jours"),
        ("pt", "prometeram 2 dias, demorou 5 dias"),
        ("nl", "beloofd binnen twee dagen, het duurde 5 dagen"),
        ("pl", "obiecali w ciągu 2 dni, czekałem 5 dni"),
        ("ru", "обещали за два дня, ждал 5 дней"),
        ("uk", "обіцяли протягом 2 днів, чекали 5 днів"),
        ("tr", "2 gün içinde söz verdiler, 5 gün bekledim"),
        ("da", "lovede inden for to dage, det tog 5 dage"),
        ("fi", "luvattiin kahden päivän kuluessa, odotin 5 päivää"),
        ("sk", "sľúbili do dvoch dní, čakal som 5 dní"),
        ("hu", "két napon belül ígérték, öt napot vártam"),
        ("ro", "au promis în termen de 2 zile, am așteptat 5 zile"),
        ("bg", "обещаха до 2 дни, чаках 5 дни"),
        ("ja", "2日以内の約束でしたが、5日待った"),
    ],
)
def test_other_languages_tell_promised_from_got(language: str, text: str) -> None:
    assert said(text, language, "on_time") == {"on_time": ((2.0, "day"), (5.0, "day"))}
