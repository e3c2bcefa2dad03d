import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.identify.stated import is_stated
from forvent.tables import LANGUAGES

PROJECT = Path(__file__).parents[3]

STATED = {
    "en": [
        "The engineer was supposed to come at nine",
        "They promised a refund",
        "I expected more from a hotel like this",
        "It would be nice if you opened on Sundays",
        "Please bring the vegetarian menu back",
        "not as advertised",
        "I wish somebody had called",
        "Were told within 3 days, they said it would be quick",
    ],
    "cs": [
        "Technik měl přijít v devět",
        "slíbili vrácení peněz",
        "Čekala bych víc",
        "Bylo by fajn mít otevřeno i v neděli",
        "prosím vraťte do nabídky polévku",
        "Přišlo to přesně podle dohody",
        "Kdyby tak někdo zavolal",
        "mela prijit v utery",
    ],
    "hy": [
        "Վարպետը պետք է գար ժամը իննին",
        "Խոստացել էին գումարը վերադարձնել",
        "Լավ կլիներ, որ կիրակի էլ աշխատեիք",
        "Խնդրում եմ ապուրը վերադարձրեք ճաշացանկ",
        "Ամեն ինչ եղավ ինչպես պայմանավորվել էինք",
        "Կուզենայի, որ մեկը զանգեր",
    ],
    "nb": [
        "Montøren skulle komme klokka ni",
        "De lovte å betale tilbake",
        "Jeg forventet mer av et slikt hotell",
        "Det hadde vært fint med søndagsåpent",
        "Kan dere ta inn suppa på menyen igjen?",
        "Alt gikk som avtalt",
        "Skulle ønske noen ringte",
    ],
    "et": [
        "Tehnik pidi tulema kell üheksa",
        "Lubati raha tagasi maksta",
        "Ootaks sellelt hotellilt enamat",
        "Oleks tore, kui pühapäeval ka avatud oleks",
        "Palun pange supp menüüsse tagasi",
        "Kõik läks nagu kokku lepitud",
        "Sooviksin, et keegi helistaks",
    ],
    "zh": [
        "师傅本该九点到",
        "他们答应退款",
        "我期待更好的服务",
        "要是周日也开门就好了",
        "请把那道汤加回菜单",
        "跟约定的一样准时",
        "希望有人打个电话",
    ],
}

PLAIN = {
    "en": [
        "We waited 50 minutes",
        "Lovely staff and a clean room",
        "The soup was cold",
        "He was rude to my mother",
    ],
    "cs": ["Čekali jsme 50 minut", "Milá obsluha a čistý pokoj", "Polévka byla studená", "Byl na mě hrubý"],
    "hy": [
        "Հիսուն րոպե սպասեցինք",
        "Սիրալիր անձնակազմ, մաքուր սենյակ",
        "Ապուրը սառն էր",
        "Կոպիտ խոսեց մորս հետ",
    ],
    "nb": [
        "Vi ventet i 50 minutter",
        "Hyggelig betjening og rent rom",
        "Suppa var kald",
        "Han var frekk mot mor",
    ],
    "et": [
        "Ootasime 50 minutit",
        "Kena teenindus ja puhas tuba",
        "Supp oli külm",
        "Ta oli mu ema vastu ebaviisakas",
    ],
    "zh": ["我们等了五十分钟", "服务员很热情，房间干净", "汤是凉的", "他对我妈很凶"],
}


def pairs(table: dict[str, list[str]]) -> list:
    return [
        pytest.param(language, text, id=f"{language}-{n}")
        for language in table
        for n, text in enumerate(table[language])
    ]


def labelled(language: str) -> list[tuple[str, bool]]:
    """Texts of the training voices whose expectations are labelled, and whether one is stated."""
    path = PROJECT / "training" / "voices" / f"{language}.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["text"], "!" in row["labels"]) for row in rows if row["labels"] != "?"]


@pytest.mark.parametrize(("language", "text"), pairs(STATED))
def test_knows_promises_agreements_expectations_and_wishes(language: str, text: str) -> None:
    assert is_stated(text, language)


@pytest.mark.parametrize(("language", "text"), pairs(PLAIN))
def test_what_only_happened_is_not_stated(language: str, text: str) -> None:
    assert not is_stated(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_agrees_with_the_labels_of_the_training_voices(language: str) -> None:
    rows = labelled(language)
    said = [is_stated(text, language) for text, _ in rows]
    both = sum(one and label for one, (_, label) in zip(said, rows, strict=True))
    f1 = 2 * both / (sum(said) + sum(label for _, label in rows))
    assert f1 >= 0.75


def test_a_language_without_words_states_nothing() -> None:
    assert not is_stated("sľúbili to do dvoch dní", "sk")
    assert not is_stated("promised", "")


def test_regional_codes_are_read_as_their_language() -> None:
    assert is_stated("De lovte det", "no")
    assert is_stated("他們承諾退款", "zh-TW")


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60), language=st.sampled_from([*LANGUAGES, "pt", "de", "es", "fr", "und"]))
def test_any_text_has_one_answer(text: str, language: str) -> None:
    assert is_stated(text, language) is is_stated(text, language)
