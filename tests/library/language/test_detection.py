"""Languages of invented sentences, and what has none."""

import pytest

from forvent.language import Detected, LanguageDetector

SENTENCES = {
    "en": (
        "The parcel came two days late.",
        "Nobody answered my email.",
        "Lovely staff, thank you!",
        "too expensive for what you get",
        "I would order here again",
    ),
    "cs": (
        "Balík dorazil o dva dny později.",
        "Nikdo mi neodpověděl na e-mail.",
        "Milá obsluha, děkuji!",
        "za ty peníze nic moc",
        "Objednávka byla rychle vyřízená",
    ),
    "hy": (
        "Առաքումը երկու օր ուշացավ։",
        "Ոչ ոք չպատասխանեց իմ նամակին։",
        "Շատ բարի անձնակազմ, շնորհակալություն",
        "չափազանց թանկ է",
        "Նորից կպատվիրեմ այստեղից",
    ),
    "nb": (
        "Pakken kom to dager for sent.",
        "Ingen svarte på e-posten min.",
        "Hyggelig betjening, tusen takk!",
        "altfor dyrt for det man får",
        "Jeg bestiller gjerne her igjen",
    ),
    "et": (
        "Pakk jõudis kohale kaks päeva hiljem.",
        "Keegi ei vastanud mu kirjale.",
        "Väga sõbralik teenindus, aitäh!",
        "liiga kallis selle kvaliteedi eest",
        "Tellin siit kindlasti veel",
    ),
    "zh": (
        "包裹晚到了两天。",
        "没有人回复我的邮件。",
        "服务员很热情，谢谢！",
        "价格太贵了不值",
        "下次还会再来",
    ),
    "pt": (
        "A encomenda chegou dois dias depois do prazo.",
        "Ninguém respondeu ao meu e-mail.",
        "O atendimento foi muito simpático, obrigada!",
        "caro demais para o que oferece",
        "Gostei muito, comprarei de novo",
    ),
    "de": (
        "Das Paket kam zwei Tage zu spät.",
        "Niemand hat auf meine Nachricht geantwortet.",
        "Sehr freundliches Personal, vielen Dank!",
        "viel zu teuer für diese Qualität",
        "Ich bestelle hier gerne wieder",
    ),
}
WITHOUT_LETTERS = ("", "  \n", "👍👍", "10/10", "5 ★★★★★", "...", "12:30", "\x00\x01", "\u202e", "\ud800")


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize("language", SENTENCES)
def test_tells_the_language_of_short_sentences(detector: LanguageDetector, language: str) -> None:
    assert [detector.detect(text).language for text in SENTENCES[language]] == [language] * 5


def test_confidence_is_a_probability(detector: LanguageDetector) -> None:
    for texts in SENTENCES.values():
        assert all(0.0 < detector.detect(text).confidence <= 1.0 for text in texts)


@pytest.mark.parametrize("text", WITHOUT_LETTERS)
def test_a_text_without_letters_has_no_language(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text) == Detected("und", 0.0)


def test_web_and_mail_addresses_say_nothing_of_the_language(detector: LanguageDetector) -> None:
    assert detector.detect("https://example.org/the-best-shop anna@example.org").language == "und"
    assert detector.detect("Balík nedorazil, viz https://example.org/the-best-parcel-shop").language == "cs"


def test_digits_emoji_and_capitals_do_not_hide_the_language(detector: LanguageDetector) -> None:
    assert detector.detect("😡😡 BALÍK DORAZIL O 2 DNY POZDĚJI 1/5").language == "cs"


def test_a_few_foreign_words_do_not_hide_armenian(detector: LanguageDetector) -> None:
    assert detector.detect("Wi-Fi չէր աշխատում ամբողջ օրը").language == "hy"


def test_only_the_languages_that_were_allowed_are_told() -> None:
    chooser = LanguageDetector(allowed=("nb", "zh"))
    told = {chooser.detect(text).language for texts in SENTENCES.values() for text in texts}
    assert told <= {"nb", "zh"}
    assert chooser.detect("Pakken kom to dager for sent.").language == "nb"


def test_the_end_of_a_very_long_text_changes_nothing(detector: LanguageDetector) -> None:
    start = "Zásilka přišla pozdě a nikdo se neozval. " * 30
    assert detector.detect(start + "The parcel came late. " * 5000) == detector.detect(start)


def test_a_batch_has_the_languages_of_its_texts(detector: LanguageDetector) -> None:
    texts = [
        "It came late.", "Zásilka přišla pozdě.", "", "10/10 👍", "快递太慢了", "Միջոցներ չկան",
        "ありがとう abc", "・ab", "日本 abc def ghi jkl mno", "see http://example.org now",
        "a\x1fb", "SEN TARDE", "x" * 3000,
    ]  # fmt: skip
    one_by_one = [detector.detect(text).language for text in texts]
    assert detector.languages(texts) == one_by_one
    assert detector.languages(texts[::-1]) == one_by_one[::-1]
    assert detector.languages([]) == []
