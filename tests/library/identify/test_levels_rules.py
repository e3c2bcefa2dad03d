import re
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.identify.levels import find_levels
from forvent.identify.levels_patterns import REJECTS, level_words
from forvent.identify.levels_words import SECONDS, letter_table, plain, word_file
from forvent.records import Level
from forvent.tables import LANGUAGES

WORDS_FOLDER = files("forvent.identify") / "level_words"
FURTHER = ("pt", "de", "es", "fr")
EXP, GOT, OPEN = "expected", "experienced", "unclear"


def found(text: str, language: str) -> list[tuple[float, str, str]]:
    return [(one.level.value, one.level.unit, one.role) for one in find_levels(text, language)]


def test_gives_seconds_for_durations_only() -> None:
    levels = {one.level.unit: one.level for one in find_levels("promised 2 weeks, 30% off and €15", "en")}
    assert levels["week"] == Level(2.0, "week", 2 * SECONDS["week"])
    assert levels["percent"].seconds is None
    assert levels["EUR"].seconds is None


def test_takes_the_upper_end_of_a_wait_and_the_lower_behind_at_least() -> None:
    assert found("promised in 3-5 days", "en") == [(5.0, "day", EXP)]
    assert found("promised at least 3-5 days", "en") == [(3.0, "day", EXP)]


def test_two_numbers_with_and_are_a_range_only_beside_between() -> None:
    assert found("it is between 2 and 4 days", "en") == [(4.0, "day", OPEN)]
    [level] = find_levels("desks 2 and 4 days of waiting", "en")
    assert (level.level.value, level.start) == (4.0, 12)


def test_a_vague_amount_has_no_level() -> None:
    for language, text in {
        "en": "promised a few days, took several weeks",
        "cs": "slíbili pár dnů, trvalo to několik týdnů",
        "hy": "խոստացան մի քանի օր",
        "nb": "lovet noen dager, tok flere uker",
        "et": "lubati mõni päev, võttis mitu nädalat",
        "zh": "说好几天，等了好几周，十几天了",
    }.items():
        assert found(text, language) == [], language


def test_tenure_is_left_out_but_a_promised_or_lasting_year_is_not() -> None:
    assert found("with this bank for twelve years", "en") == []
    assert found("they promise a 10 year warranty", "en") == [(10.0, "year", EXP)]
    assert found("the old one lasted 12 years", "en") == [(12.0, "year", GOT)]


def test_an_article_counts_only_beside_a_cue_or_alone() -> None:
    assert found("an hour", "en") == [(1.0, "hour", OPEN)]
    assert found("en time", "nb") == [(1.0, "hour", OPEN)]
    assert found("tund aega", "et") == [(1.0, "hour", OPEN)]
    assert found("hodinu", "cs") == [(1.0, "hour", OPEN)]
    assert found("մեկ ժամ", "hy") == [(1.0, "hour", OPEN)]
    assert found("waited for an hour", "en") == [(1.0, "hour", GOT)]
    assert found("a day by the sea", "en") == []


def test_a_time_since_is_experienced_only_while_it_goes_on() -> None:
    assert found("bought it 3 weeks ago", "en") == [(3.0, "week", OPEN)]
    assert found("bought it 3 weeks ago and still no answer", "en") == [(3.0, "week", GOT)]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "paid 1,250.50 dollars", 1250.5),
        ("en", "paid 6,90 euros", 6.9),
        ("cs", "zaplatil jsem 12 tisíc Kč", 12_000),
        ("cs", "zaplatil jsem 1.250,50 Kč", 1250.5),
        ("nb", "betalte 3 500 kr", 3500),
        ("et", "maksin 1 250,90 eurot", 1250.9),
        ("hy", "վճարեցի 5 հազար դրամ", 5000),
        ("zh", "收了我3万元", 30_000),
        ("zh", "收了我一百二十元", 120),
        ("zh", "收了我一百二元", 120),
        ("en", "paid three hundred and fifty euros", 350),
        ("de", "bezahlt habe ich 1.250 Euro", 1250),
        ("cs", "účtovali dva tisíce pět set korun", 2500),
        ("nb", "betalte femhundre kroner", 500),
    ],
)
def test_reads_numbers_as_the_language_writes_them(language: str, text: str, value: float) -> None:
    [level] = find_levels(text, language)
    assert (level.level.value, level.role) == (value, GOT)


@pytest.mark.parametrize(
    ("code", "like"), [("zh-Hans", "zh"), ("zh_CN", "zh"), ("nn", "nb"), ("no", "nb"), ("EN-gb", "en")]
)
def test_reads_a_regional_code_as_its_language(code: str, like: str) -> None:
    text = {"en": "promised 2 days", "nb": "lovet to dager", "zh": "承诺两天内"}[like]
    assert find_levels(text, code) == find_levels(text, like) != ()


def test_other_languages_have_the_names_of_cldr_and_no_role() -> None:
    assert found("laukiau 3 dienos ir mokėjau 20 €", "lt") == [(3.0, "day", OPEN), (20.0, "EUR", OPEN)]
    assert find_levels("3 days", "und") == ()
    assert find_levels("3 days", "") == ()


def test_traditional_signs_are_read_as_simplified() -> None:
    assert found("說好兩天內送到，等了五個小時", "zh") == [(2.0, "day", EXP), (5.0, "hour", GOT)]


def test_accents_may_be_missing_where_the_language_allows_it() -> None:
    assert found("slibili do peti dnu, cekal jsem ctrnact dni", "cs") == [
        (5.0, "day", EXP),
        (14.0, "day", GOT),
    ]


@pytest.mark.parametrize("language", [*LANGUAGES, *FURTHER])
def test_word_files_are_written_so_that_they_can_match(language: str) -> None:
    file, table = word_file(language), letter_table(language)
    raw = [pattern for where in REJECTS for pattern in file["reject"].get(where, ())]
    raw += file["stated"].get("patterns", [])
    for pattern in raw:
        letters = re.sub(r"\\.", "", pattern)
        assert plain(letters, table=table) == letters, pattern
    assert level_words(language).numbers.value("7").high == 7.0


# Words and signs that levels are made of, to be thrown together at random.
WORDS = """
2 14 1.250,5 1/2 ½ 24h - – % € $ kr 18h30 : . , two half an hour days within promised took waited
dvě pět pětadvacet půl hodiny dnů do slíbili čekal երկու կես ժամ օրում ընթացքում սպասեցի խոստացան
to halvannen time dager innen lovet tok kaks pool tundi päevaga jooksul lubati ootasin
两 三 半 个 小时 天 内 等了 承诺 百 十 万 块 deux heures promis zwei Tage versprochen dos días dois dias
"""
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, language=st.sampled_from([*LANGUAGES, *FURTHER, "sk", "und"]))
def test_any_text_gives_levels_that_lie_in_it_in_order(text: str, language: str) -> None:
    levels = find_levels(text, language)
    assert all(0 <= one.start < one.end <= len(text) for one in levels)
    assert all(first.end <= second.start for first, second in pairwise(levels))
    assert all(one.level.seconds is None or one.level.seconds > 0 for one in levels)
    assert levels == find_levels(text, language)


@settings(max_examples=100, deadline=None)
@given(
    n=st.integers(1, 90),
    unit=st.sampled_from(["minutes", "hours", "days", "weeks"]),
    before=st.text(max_size=20),
)
def test_a_number_before_a_unit_is_found_whatever_stands_before_the_sentence(
    n: int, unit: str, before: str
) -> None:
    text = f"{before}\nWe waited {n} {unit} for it."
    last = find_levels(text, "en")[-1]
    assert (last.level.value, text[last.start : last.end], last.role) == (n, f"{n} {unit}", GOT)


@pytest.mark.parametrize(
    "text", ["տասնմեկ" * 3000, "十" * 20_000, "1,1" * 10_000, "5 - " * 5000, "a " * 20_000, "twenty-" * 8000]
)
def test_a_hostile_text_is_read_in_linear_steps(text: str) -> None:
    for language in LANGUAGES:
        assert find_levels(text, language) == ()


WORD_FILES = sorted(path.name[:-5] for path in WORDS_FOLDER.iterdir() if path.name.endswith(".toml"))


@pytest.mark.parametrize("base", WORD_FILES)
def test_every_name_of_a_unit_is_read_compounds_too(base: str) -> None:
    words = level_words(base)
    missed = [name for name in (*words.meanings, *words.bare) if not words.quick.fullmatch(name)]
    assert missed == []


@pytest.mark.parametrize("base", WORD_FILES)
def test_no_number_word_begins_like_what_joins_them(base: str) -> None:
    joining = tuple(word_file(base).get("glue", ()))
    assert not [word for word in level_words(base).numbers.atoms if joining and word.startswith(joining)]
