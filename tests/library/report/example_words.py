"""What customers of the invented shop said, what they are told, and what they are asked."""

from __future__ import annotations

from forvent.records import Question, Quote, Sentence

HOSTILE = "<script>alert('x')</script>"
OVERRIDE = "\u202egnorw\u202c"
LONG_WORD = "Aaaa" * 60


def quote(expectation: str, polarity: str, language: str, before: str, words: str, after: str = "") -> Quote:
    """A quote with a confidence that no two share."""
    confidence = 0.6 + (len(before) + 2 * len(words)) % 39 / 100
    return Quote(
        f"v{len(before) + len(words)}", expectation, polarity, language, before, words, after, confidence
    )


QUOTES = {
    "on_time": (
        quote("on_time", "unmet", "cs", "Boty pěkné, ale ", "slíbili úterý a dorazily až v pondělí", "."),
        quote(
            "on_time", "unmet", "hy", "", "Խոստացել էին երեքշաբթի, բերեցին մեկ շաբաթ անց", "։ Ոչ ոք չզանգեց։"
        ),
        quote("on_time", "unmet", "zh", "", "说好三天送到，等了整整两个星期", "，客服也没有解释。"),
        quote(
            "on_time",
            "unmet",
            "nb",
            "Fin jakke. ",
            "Pakken skulle kommet før helgen, men kom ni dager for sent",
            ".",
        ),
        quote("on_time", "met", "et", "", "Pakk oli kohal täpselt lubatud päeval", ", aitäh!"),
        quote(
            "on_time",
            "mixed",
            "en",
            "First parcel ",
            "came to the day, the second a week after the date you gave me",
            ".",
        ),
    ),
    "proactive_updates": (
        quote(
            "proactive_updates",
            "unmet",
            "en",
            "",
            "Eight days of silence",
            f" {HOSTILE} and then it was at the door.",
        ),
        quote("proactive_updates", "unmet", "en", f"{OVERRIDE} ", "nobody told me anything", f" {LONG_WORD}"),
        quote("proactive_updates", "unmet", "ar", "", "لم يخبرني أحد بالتأخير", "."),
    ),
    "easy_digital": (
        quote("easy_digital", "unmet", "en", "", "Your app logs me out on every page", "."),
        quote("easy_digital", "wished", "nb", "Kan dere ", "lage en app der jeg ser bestillingen", "?"),
        quote("easy_digital", "wished", "zh", "", "希望能在手机上改地址", "。"),
    ),
    "problem_solved": (
        quote(
            "problem_solved",
            "unmet",
            "en",
            "They sent a new charger and ",
            "it broke again in the same place",
            ".",
        ),
        quote("problem_solved", "met", "et", "", "Viga parandati kohe esimesel korral", "."),
    ),
    "product_quality": (
        quote(
            "product_quality",
            "met",
            "nb",
            "",
            "Tredje vinteren med de samme støvlene, og de holder tett",
            ".",
        ),
        quote("product_quality", "met", "zh", "", "用了半年还像新的一样", "。"),
    ),
    "pleasant_surprise": (
        quote("pleasant_surprise", "met", "hy", "", "Փաթեթի մեջ ձեռագիր շնորհակալագիր կար", "։"),
    ),
}

SENTENCES = (
    Sentence(
        "en",
        "You will have it at the latest 9 days after your order.",
        "We keep this in 96% of cases (412 orders).",
    ),
    Sentence(
        "cs", "Budete to mít nejpozději 9 dní po objednávce.", "Dodržíme to v 96 % případů (412 objednávek)."
    ),
    Sentence("hy", "Կստանաք պատվերից հետո ամենաուշը՝ 9 օր։", "Պահում ենք դեպքերի 96%-ում (412 պատվեր)։"),
    Sentence(
        "nb",
        "Du har den senest 9 dager etter bestilling.",
        "Det holder vi i 96 % av tilfellene (412 bestillinger).",
    ),
    Sentence(
        "et",
        "Saate selle kätte hiljemalt 9 päeva pärast tellimist.",
        "Peame sellest kinni 96% juhtudest (412 tellimust).",
    ),
    Sentence("zh", "下单后最迟9天送达。", "我们在96%的订单中做到（412个订单）。"),
)

QUESTIONS = (
    Question(
        "easy_contact",
        0.0042,
        {
            "en": "Last time you wanted to reach us, how easy was it?",
            "cs": "Když jste se s námi chtěli naposledy spojit, jak snadné to bylo?",
            "hy": "Վերջին անգամ որքա՞ն հեշտ էր մեզ հետ կապվելը։",
            "nb": "Hvor enkelt var det å få tak i oss sist?",
            "et": "Kui lihtne oli teil meiega viimati ühendust saada?",
            "zh": "上次您想联系我们时，方便吗？",
        },
        {
            "en": (
                "much worse than I expected",
                "worse",
                "as I expected",
                "better",
                "much better than I expected",
            ),
            "zh": ("比预期差很多", "比预期差", "和预期一样", "比预期好", "比预期好很多"),
        },
    ),
    Question(
        "availability",
        0.0031,
        {
            "en": "Last time, how was the availability of what you wanted?",
            "cs": "Jak to bylo naposledy s dostupností toho, co jste chtěli?",
        },
        {
            "en": (
                "much worse than I expected",
                "worse",
                "as I expected",
                "better",
                "much better than I expected",
            )
        },
    ),
    Question("loyalty_reward", 0.0012, {"en": "How do we thank you for staying with us?"}, {}),
)
