"""What customers say they will do, in sentences of our own."""

from __future__ import annotations

import pytest

from forvent.identify import INTENTS, IntentBook, intents_in
from forvent.records import IdentifiedVoice, Voice
from forvent.tables import LANGUAGES

SAID = {
    "en": {
        "will_return": [
            "We will definitely come back.",
            "I'd happily book with them again.",
            "Can't wait to come back!",
        ],
        "will_not_return": [
            "I won't be ordering here again.",
            "Never again.",
            "I will never shop with them again.",
            "You have lost a customer.",
            "I don't think I would go again.",
        ],
        "warns": [
            "I would not recommend this garage.",
            "Stay away from this place.",
            "Avoid at all costs, avoid them.",
        ],
        "recommends": [
            "Highly recommended.",
            "I would recommend it to anyone.",
            "I cannot recommend them highly enough.",
        ],
        "came_by_recommendation": [
            "My neighbour had recommended this clinic.",
            "It was recommended to me by a friend.",
        ],
    },
    "cs": {
        "will_return": ["Určitě se sem vrátíme.", "Rádi přijdeme zase.", "Příště objednám znovu."],
        "will_not_return": ["Už tu nikdy nic nekoupím.", "Už se sem nevrátíme.", "Nikdy víc."],
        "warns": ["Tenhle servis nedoporučuji.", "Bohužel nemohu nikomu doporučit.", "Vyhněte se jim."],
        "recommends": ["Všem vřele doporučuji.", "Mohu jen doporučit.", "Doporučila bych je každému."],
        "came_by_recommendation": ["Přišli jsme na doporučení sousedů.", "Obchod mi doporučila kolegyně."],
    },
    "hy": {
        "will_return": ["Անպայման նորից կգանք։", "Կվերադառնամ այստեղ։"],
        "will_not_return": ["Այլևս երբեք չեմ գա այստեղ։", "Էլ ոչինչ չեմ գնի նրանցից։"],
        "warns": ["Ոչ մեկին խորհուրդ չեմ տա։", "Հեռու մնացեք այս խանութից։"],
        "recommends": ["Բոլորին խորհուրդ եմ տալիս։", "Խորհուրդ կտամ ընկերներիս։"],
        "came_by_recommendation": ["Եկանք ընկերոջս խորհրդով։", "Հարևանս խորհուրդ տվեց այս սրահը։"],
    },
    "nb": {
        "will_return": ["Vi kommer gjerne tilbake.", "Jeg handler her igjen.", "Kommer garantert igjen!"],
        "will_not_return": ["Jeg kommer aldri tilbake hit.", "Aldri mer.", "Vi handler ikke her igjen."],
        "warns": ["Kan ikke anbefale dette verkstedet.", "Styr unna!", "Anbefales ikke."],
        "recommends": ["Anbefales på det varmeste.", "Jeg anbefaler dem til alle."],
        "came_by_recommendation": [
            "Frisøren ble anbefalt av en nabo.",
            "Vi kom hit etter anbefaling fra en venn.",
        ],
    },
    "et": {
        "will_return": ["Kindlasti tulen tagasi.", "Tellime siit veel."],
        "will_not_return": ["Ma ei tule siia enam.", "Enam ma siit ei telli.", "Kaotasite kliendi."],
        "warns": ["Ei soovita kellelegi.", "Hoidke neist eemale, hoidke eemale."],
        "recommends": ["Soovitan kõigile.", "Julgen soovitada."],
        "came_by_recommendation": ["Tulime sõbra soovitusel.", "Naaber soovitas seda töökoda."],
    },
    "zh": {
        "will_return": ["下次还会来。", "以后还会购买。", "一定会再来的。"],
        "will_not_return": ["再也不会来了。", "以后不会再买。", "最后一次来这家店。"],
        "warns": ["不推荐这家店。", "大家千万别买。", "不建议购买。"],
        "recommends": ["强烈推荐！", "值得推荐给朋友。"],
        "came_by_recommendation": ["朋友推荐的店。", "听同事介绍来的。"],
    },
}
NOT_SAID = {
    "en": [
        "I had to return it twice.",
        "They promised to call back.",
        "I would recommend booking early.",
        "Will the blue one be back in stock?",
    ],
    "cs": [
        "Musel jsem zboží vrátit.",
        "Vrátíme se k původní značce.",
        "Příště koupím jinou vůni.",
        "Kdy bude znovu skladem?",
    ],
    "hy": ["Գումարը չվերադարձրին։", "Երեկ գնեցի այս հեռախոսը։"],
    "nb": ["Jeg fikk ikke pengene tilbake.", "Er den snart på lager igjen?"],
    "et": ["Raha ei makstud tagasi.", "Millal see uuesti saadaval on?"],
    "zh": ["他们没有退款。", "推荐算法不准。", "什么时候再有货？"],
}


def test_every_language_of_the_product_has_sentences():
    assert SAID.keys() == NOT_SAID.keys() == set(LANGUAGES)
    assert all(kinds.keys() == set(INTENTS) for kinds in SAID.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", INTENTS)
def test_each_thing_is_found_alone_and_where_it_stands(language, kind):
    for sentence in SAID[language][kind]:
        text = f"... {sentence}"
        found = intents_in(text, language)
        assert [one.kind for one in found] == [kind], sentence
        assert 0 <= found[0].start < found[0].end <= len(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_sounds_like_it_is_not_found(language):
    assert [sentence for sentence in NOT_SAID[language] if intents_in(sentence, language)] == []


def test_a_voice_may_say_several_things_in_their_order():
    text = "A friend had recommended it, I recommend it to everyone, and we will be back."
    assert [one.kind for one in intents_in(text, "en")] == [
        "came_by_recommendation",
        "recommends",
        "will_return",
    ]


@pytest.mark.parametrize("language", ["xx", "../cs", "", "de"])
def test_a_language_without_words_says_nothing(language):
    assert intents_in("Nie wieder. Never again.", language) == ()


def voice(number, text, *, language="en", silent=False):
    identified = IdentifiedVoice(str(number), language, "neutral", 1.0, silent, ())
    return Voice(voice_id=str(number), text=text, row=number), identified


def test_a_voice_counts_once_and_only_where_it_could_be_heard():
    book = IntentBook()
    book.add(*voice(1, "Never again. Really, never again, I will never shop here again."))
    book.add(*voice(2, "Fine."))
    book.add(*voice(3, "Nie wieder.", language="de"))
    book.add(*voice(4, "-", silent=True))
    assert book.asked == 2
    assert book.counts == {kind: int(kind == "will_not_return") for kind in INTENTS}


def test_quotes_are_few_and_the_same_in_any_order_and_unwanted_ones_are_none():
    voices = [voice(number, "So. " * number + "Never again.") for number in range(1, 8)]
    books = IntentBook(), IntentBook()
    for one in voices:
        books[0].add(*one)
    for one in reversed(voices):
        books[1].add(*one)
    kept = books[0].quotes()
    assert kept == books[1].quotes()
    assert [quote.voice_id for quote in kept["intent.will_not_return"]] == ["1", "2", "3"]
    assert kept["intent.will_not_return"][0].words == "Never again"
    silent = IntentBook()
    silent.add(*voices[0], quoted=False)
    assert silent.quotes() == {}
    assert silent.counts["will_not_return"] == 1
