import pytest

from forvent.identify.sources import source_of, sources_of
from forvent.language import Span
from forvent.records.sources import Source

OWN, COMPANY, OTHERS, RIVAL = "own_experience", "company", "word_of_mouth", "other_company"

SAID = {
    "en": [
        ("As always the coffee was hot.", OWN),
        ("They promised a call and none came.", COMPANY),
        ("My friends raved about the soup.", OTHERS),
        ("Every other bank does this for free.", RIVAL),
    ],
    "cs": [
        ("Minule to bylo lepší.", OWN),
        ("V letáku slibovali slevu.", COMPANY),
        ("Doporučil mi to soused.", OTHERS),
        ("U konkurence je to levnější.", RIVAL),
    ],
    "nb": [
        ("Sist gang gikk det fort.", OWN),
        ("Ifølge nettsiden skulle det være gratis.", COMPANY),
        ("Naboen anbefalte dem.", OTHERS),
        ("Konkurrenten er billigere.", RIVAL),
    ],
    "et": [
        ("Eelmine kord oli parem.", OWN),
        ("Kodulehel lubati tasuta tarnet.", COMPANY),
        ("Sõbranna kiitis väga.", OTHERS),
        ("Konkurendi juures on odavam.", RIVAL),
    ],
    "hy": [
        ("Անցյալ անգամ ավելի լավ էր։", OWN),
        ("Կայքում գրված էր անվճար։", COMPANY),
        ("Ընկերս շատ էր գովել։", OTHERS),
        ("Մրցակիցների մոտ էժան է։", RIVAL),
    ],
    "zh": [
        ("上次来味道更好", OWN),
        ("官网说当天发货", COMPANY),
        ("朋友推荐来的", OTHERS),
        ("别家都免费", RIVAL),
    ],
    "de": [("Laut Website kostenlos.", COMPANY), ("Wie immer freundlich.", OWN)],
    "es": [("Según la web era gratis.", COMPANY), ("Mis amigos lo recomiendan.", OTHERS)],
    "fr": [("Sur le site c'était gratuit.", COMPANY), ("Comme d'habitude, parfait.", OWN)],
    "pt": [("No site era grátis.", COMPANY), ("Como sempre, ótimo.", OWN)],
    "nl": [("Volgens de website gratis.", COMPANY), ("Zoals altijd prima.", OWN)],
    "ru": [("На сайте обещали бесплатно.", COMPANY), ("Как всегда вкусно.", OWN)],
}


def whole(text: str, language: str, **options: object) -> Source | None:
    return source_of(text, Span(0, len(text)), language, **options)


@pytest.mark.parametrize(
    ("language", "text", "kind"), [(language, *case) for language, cases in SAID.items() for case in cases]
)
def test_names_the_source(language: str, text: str, kind: str) -> None:
    source = whole(text, language)
    assert source is not None
    assert source.kind == kind
    assert 0 <= source.start < source.end <= len(text)


@pytest.mark.parametrize("language", ["en", "xx", "und"])
def test_is_silent_where_nothing_says_so(language: str) -> None:
    assert whole("Lovely soup, warm bread.", language) is None


def test_names_the_other_company_where_it_is_sure() -> None:
    for text, name in {
        "At Blumo it takes a day, here a week.": "Blumo",
        "Far slower than Blumo.": "Blumo",
        "It was raining at Blumo.": None,
    }.items():
        source = whole(text, "en")
        assert (source.name if source else None) == name, text


def test_channels_and_months_are_no_companies() -> None:
    for language, text in (
        ("cs", "Ani u SMS nedostanete odpověď."),
        ("en", "Far slower than December."),
        ("nb", "Fikk mindre beskjed enn SMS."),
    ):
        source = whole(text, language)
        assert source is None or source.kind != RIVAL, text


def test_a_known_rival_is_found_by_its_name_and_wins() -> None:
    source = whole("They promised it, but blumo has it", "en", rivals=["Blumo"])
    assert source == Source(RIVAL, "Blumo", 22, 27)


def test_the_nearest_words_count_and_far_ones_do_not() -> None:
    text = (
        "My friends raved about the soup. "
        + "It was a long evening and we talked. " * 8
        + "They promised ice cream."
    )
    assert source_of(text, Span(0, 32), "en").kind == OTHERS
    assert source_of(text, Span(len(text) - 24, len(text)), "en").kind == COMPANY
    assert source_of(text, Span(150, 170), "en") is None


def test_several_clauses_have_the_sources_they_have_alone() -> None:
    text = "The site said two days. At my old bank it took one. My friend swore by the soup, lovely."
    clauses = [Span(0, 23), Span(24, 51), Span(52, len(text)), Span(0, len(text))]
    together = sources_of(text, clauses, "en")
    assert together == tuple(source_of(text, clause, "en") for clause in clauses)
    assert [one.kind if one else None for one in together[:3]] == [
        "company",
        "other_company",
        "word_of_mouth",
    ]
    assert sources_of(text, clauses, "xx") == (None,) * 4
