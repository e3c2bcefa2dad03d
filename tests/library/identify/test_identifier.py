"""What is found in a voice: expectations, polarity, words, and the same in any batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.errors import EncoderUnavailable
from forvent.identify import Identifier, catalogue, identify
from forvent.identify.heads import SPOKEN_ACTS, Heads, Judged, Thresholds, load_heads
from forvent.identify.judges import TierJudge
from forvent.identify.verdicts import (
    CLAUSES_SAY,
    SENTENCES_SAY,
    VALENCE_SAYS,
    said_beside,
    spoken_acts,
    voice_polarities,
)
from forvent.language import Encoder, RememberingEncoder
from forvent.records import IdentifiedVoice, Mention, Voice
from forvent.tables import ACTS, POLARITIES, TYPES

VOICE_POLARITIES = {"positive", "negative", "neutral", "mixed"}

# Invented, one thought each: (text, language, expectation, polarity).
CLEAR = (
    ("The staff were very friendly and helpful.", "en", "friendly_staff", "met"),
    ("Obsluha byla velmi milá.", "cs", "friendly_staff", "met"),
    ("Personalet var veldig vennlig.", "nb", "friendly_staff", "met"),
    ("Teenindaja oli väga sõbralik.", "et", "friendly_staff", "met"),
    ("Աշխատակիցները շատ բարեհամբույր էին։", "hy", "friendly_staff", "met"),
    ("服务员态度非常好，很热情。", "zh", "friendly_staff", "met"),
    ("The parcel came four days after the promised date.", "en", "on_time", "unmet"),
    ("Balík přišel o čtyři dny později, než bylo slíbeno.", "cs", "on_time", "unmet"),
    ("Pakken kom fire dager etter lovet dato.", "nb", "on_time", "unmet"),
    ("Pakk hilines lubatud ajast neli päeva.", "et", "on_time", "unmet"),
    ("Առաքումը չորս օր ուշացավ խոստացված ժամկետից։", "hy", "on_time", "unmet"),
    ("包裹比承诺的日期晚到了四天。", "zh", "on_time", "unmet"),
    ("It is far too expensive for what you get.", "en", "fair_price", "unmet"),
    ("Je to moc drahé.", "cs", "fair_price", "unmet"),
    ("Altfor dyrt for det man får.", "nb", "fair_price", "unmet"),
    ("See on liiga kallis.", "et", "fair_price", "unmet"),
    ("Մատուցողը կոպիտ էր մեզ հետ։", "hy", "friendly_staff", "unmet"),
    ("价格太贵了，不值这个钱。", "zh", "fair_price", "unmet"),
    ("I wish you would tell me where my parcel is.", "en", "proactive_updates", "wished"),
    ("Přála bych si, abyste dali vědět, když se zásilka zpozdí.", "cs", "proactive_updates", "wished"),
    ("Jeg ønsker at dere sier fra når pakken er forsinket.", "nb", "proactive_updates", "wished"),
    ("Sooviksin, et mind teavitataks, kui pakk hilineb.", "et", "proactive_updates", "wished"),
    ("Կցանկանայի, որ տեղեկացնեիք, թե որտեղ է առաքանին։", "hy", "proactive_updates", "wished"),
    ("希望以后能及时通知我包裹到哪里了。", "zh", "proactive_updates", "wished"),
    ("The cashier was rude, but the waiter was very friendly.", "en", "friendly_staff", "mixed"),
    (
        "Գանձապահը կոպիտ էր և գոռաց մեզ վրա, բայց մատուցողը շատ բարեհամբույր էր։",
        "hy",
        "friendly_staff",
        "mixed",
    ),
    ("收银员很不礼貌，但是服务员非常热情。", "zh", "friendly_staff", "mixed"),
    ("The staff were not friendly at all.", "en", "friendly_staff", "unmet"),
    ("Personál nebyl vůbec milý.", "cs", "friendly_staff", "unmet"),
    ("Betjeningen var ikke hyggelig i det hele tatt.", "nb", "friendly_staff", "unmet"),
)
STRANGE = (
    "",
    " \n\t ",
    "👍👍👍",
    "...",
    "ok",
    "\x00",
    "late\x00again, the staff were rude",
    "\ud800 came late \udfff",
    "\u202eThe staff were rude.\u202c",
    "\x01\x02\x7f came late",
    "<script>alert('late')</script>",
    '=HYPERLINK("late")',
    "The parcel came late. " * 4600,
    "x" * 100_000,
)


def voices(texts: Sequence[str]) -> list[Voice]:
    return [Voice(str(place), text, place + 2) for place, text in enumerate(texts)]


def of(identified: IdentifiedVoice, expectation: str) -> Mention | None:
    return next((one for one in identified.mentions if one.expectation == expectation), None)


def check(voice: Voice, found: IdentifiedVoice) -> None:
    """What must hold of any voice whatever it says."""
    assert found.voice_id == voice.voice_id
    assert found.polarity in VOICE_POLARITIES
    assert 0.0 <= found.confidence <= 1.0
    assert len({one.expectation for one in found.mentions}) == len(found.mentions)
    assert not (found.content_free and found.mentions)
    assert found.act in ACTS
    assert (found.act == "none") == found.content_free
    for one in found.mentions:
        assert voice.text[one.start : one.end] == one.quote != ""
        assert one.polarity in POLARITIES
        assert 0.0 <= one.confidence <= 1.0
        assert one.stage == catalogue()[one.expectation].stage
        assert one.type in TYPES
        assert (one.voice_id, one.language) == (voice.voice_id, found.language)


@pytest.fixture(scope="module")
def heads() -> Heads:
    return load_heads("exact")


@pytest.fixture(scope="module")
def identifier(encoder: Encoder) -> Identifier:
    return Identifier(encoder)


@pytest.fixture(scope="module")
def clear(identifier: Identifier) -> dict[str, IdentifiedVoice]:
    texts = [text for text, *_ in CLEAR]
    return dict(zip(texts, identifier.identify(voices(texts)), strict=True))


@pytest.mark.parametrize(("text", "language", "expectation", "polarity"), CLEAR)
def test_a_clear_sentence_is_understood(
    clear: dict[str, IdentifiedVoice], text: str, language: str, expectation: str, polarity: str
) -> None:
    found = clear[text]
    mention = of(found, expectation)
    assert found.language == language
    assert mention is not None
    assert mention.polarity == polarity
    check(Voice(found.voice_id, text, 2), found)


def test_praise_is_positive_and_complaint_negative(clear: dict[str, IdentifiedVoice]) -> None:
    praise = [clear[text].polarity for text, _, _, polarity in CLEAR if polarity == "met"]
    assert praise == ["positive"] * 6
    # Lateness without a word of feeling is not surely negative; rudeness is.
    rude = [clear[text].polarity for text, _, one, polarity in CLEAR[-3:]]
    assert rude == ["negative"] * 3


def test_a_promised_date_is_an_expectation_in_words_and_friendliness_is_not(
    clear: dict[str, IdentifiedVoice],
) -> None:
    for text, _, expectation, _ in CLEAR:
        mention = of(clear[text], expectation)
        assert mention is not None
        if expectation in ("on_time", "proactive_updates"):
            assert mention.stated
        if expectation == "friendly_staff":
            assert not mention.stated


def test_the_words_of_a_mention_are_its_own_clause(identifier: Identifier) -> None:
    text = "The staff were very friendly, but the parcel came four days after the promised date."
    (found,) = identifier.identify(voices([text]))
    friendly, late = of(found, "friendly_staff"), of(found, "on_time")
    assert friendly is not None
    assert late is not None
    assert (friendly.quote, friendly.polarity) == ("The staff were very friendly", "met")
    assert late.quote == "but the parcel came four days after the promised date."
    assert late.polarity == "unmet"


def test_promised_and_taken_times_of_the_sentence_come_with_the_mention(identifier: Identifier) -> None:
    (found,) = identifier.identify(voices(["They promised delivery in 2 days but it took 5 days."]))
    late = of(found, "on_time") or of(found, "fast_delivery")
    assert late is not None
    assert late.level is not None
    assert late.experienced is not None
    assert (late.level.seconds, late.experienced.seconds) == (2 * 86400, 5 * 86400)


def test_a_given_language_and_touchpoint_are_kept(identifier: Identifier) -> None:
    voice = Voice("1", "The staff were very friendly and helpful.", 2, language="EN-GB", touchpoint="till")
    (found,) = identifier.identify([voice])
    assert found.language == "en"
    assert {one.touchpoint for one in found.mentions} == {"till"}
    (unplaced,) = identifier.identify([replace(voice, touchpoint=None)])
    assert all(one.touchpoint == one.stage for one in unplaced.mentions)


def test_what_says_nothing_is_neutral_and_costs_no_vector(pretend: Encoder) -> None:
    remembering = RememberingEncoder(pretend)
    for found in Identifier(remembering).identify(voices(["", "ok", "👍", "无", "n/a"])):
        assert (found.polarity, found.confidence, found.content_free, found.mentions) == (
            "neutral",
            1.0,
            True,
            (),
        )
    assert remembering.asked == 0


def test_a_voice_gets_the_same_answer_in_any_batch_and_order(
    identifier: Identifier, encoder: Encoder
) -> None:
    said = voices([text for text, *_ in CLEAR[::3]] + ["ok", "", "Fine, but it came late."])
    alone = tuple(identifier.identify([voice])[0] for voice in said)
    assert identifier.identify(said) == alone
    assert identifier.identify(said[::-1])[::-1] == alone
    for batch in (2, 256):
        assert tuple(identify(said, encoder=encoder, batch=batch)) == alone


def test_voices_stream(pretend: Encoder) -> None:
    endless: Iterator[Voice] = (Voice(str(number), f"It came late {number}", number) for number in count())
    stream = identify(endless, encoder=pretend, batch=3)
    assert [next(stream).voice_id for _ in range(7)] == [str(number) for number in range(7)]


def test_no_voices_give_nothing(pretend: Encoder) -> None:
    assert Identifier(pretend).identify([]) == ()
    assert list(identify([], encoder=pretend)) == []


@pytest.mark.parametrize("text", STRANGE, ids=lambda text: ascii(text[:16]))
def test_strange_texts_do_no_harm(identifier: Identifier, text: str) -> None:
    (voice,) = voices([text])
    (found,) = identifier.identify([voice])
    check(voice, found)


def test_any_texts_are_quoted_where_they_say_so(pretend: Encoder) -> None:
    identifier = Identifier(pretend)

    @settings(deadline=None, derandomize=True, max_examples=60)
    @given(st.lists(st.text(st.characters(), max_size=60), max_size=5))
    def holds(texts: list[str]) -> None:
        said = voices(texts)
        for voice, found in zip(said, identifier.identify(said), strict=True):
            check(voice, found)

    holds()


def test_an_unknown_encoder_is_refused_when_the_first_voice_is_asked_for() -> None:
    with pytest.raises(EncoderUnavailable, match="There is no encoder called 'best'"):
        next(identify(voices(["It came late."]), encoder="best"))


def judged(positive: Sequence[float], *, neutral: float = 0.0, irony: float = 0.0) -> Judged:
    """Judgements of texts that speak of nothing."""
    many = len(positive)
    nothing = np.zeros((many, 32))
    acts = np.zeros((many, len(SPOKEN_ACTS)))
    flat = np.array(positive, dtype=np.float64)
    return Judged(nothing, nothing, acts, flat, np.full(many, neutral), np.zeros(many), np.full(many, irony))


def polarity_of(
    heads: Heads, *positive: float, neutral: float = 0.0, sentences: bool = True, valence: float = 0.0
) -> tuple[str, float]:
    """Polarity of one voice: of its clauses, and of the whole behind them where there are several."""
    parts = judged(positive, neutral=neutral)
    first, clauses = np.array([0]), np.array([max(1, len(positive) - 1)])
    beside = said_beside(parts, first, clauses, sentences=np.array([sentences]), valences=np.array([valence]))
    (found,) = voice_polarities(
        first,
        clauses,
        beside=beside,
        judged=parts,
        whole=parts.rows(np.array([len(positive) - 1])),
        thresholds=heads.thresholds,
    )
    return found


def test_polarity_is_that_of_the_whole_text_with_its_probability(heads: Heads) -> None:
    assert polarity_of(heads, 0.2) == ("negative", 0.8)
    assert polarity_of(heads, 0.5, 0.5, 0.9) == ("positive", 0.9)
    assert polarity_of(heads, 0.1, 0.9, 0.75) == ("positive", 0.75)


@pytest.mark.parametrize(("sentences", "say"), [(True, SENTENCES_SAY), (False, CLAUSES_SAY)])
def test_clauses_have_a_say_beside_the_whole_text(heads: Heads, sentences: bool, say: float) -> None:
    # Odds of the whole 9, of the clauses 9 and 1: 9 times 9 to half that part, for their mean counts a part.
    odds = 9 * 9 ** (say / 2)
    found = polarity_of(heads, 0.9, 0.5, 0.9, sentences=sentences)
    assert found == ("positive", pytest.approx(odds / (1 + odds), abs=1e-6))


def test_the_clauses_of_a_negative_or_doubtful_whole_do_not_turn_it(heads: Heads) -> None:
    assert polarity_of(heads, 0.1, 0.1, 0.52)[0] == "negative"
    assert polarity_of(heads, 0.6, 0.6, 0.4)[0] == "negative"


def test_words_have_a_say_beside_the_whole_text(heads: Heads) -> None:
    # Odds of the whole 1/4, and as much for its words as makes it 1.
    even = np.log(4) / VALENCE_SAYS
    assert polarity_of(heads, 0.2, valence=even - 0.01)[0] == "negative"
    assert polarity_of(heads, 0.2, valence=even + 0.01)[0] == "positive"
    assert polarity_of(heads, 0.2, valence=even + 0.01)[1] == pytest.approx(0.5, abs=0.001)


def test_polarity_is_mixed_where_clauses_disagree_and_the_whole_is_undecided(heads: Heads) -> None:
    polarity, confidence = polarity_of(heads, 0.95, 0.05, 0.45)
    assert polarity == "mixed"
    assert confidence == pytest.approx(0.9)
    assert polarity_of(heads, 0.95, 0.3, 0.55)[0] == "positive"


def test_one_clause_alone_is_never_mixed(heads: Heads) -> None:
    assert polarity_of(heads, 0.5)[0] == "positive"


def test_polarity_is_neutral_where_the_whole_text_does_not_judge(heads: Heads) -> None:
    border = heads.thresholds.neutral
    assert polarity_of(heads, 0.9, 0.9, 0.9, neutral=border) == ("neutral", border)
    assert polarity_of(heads, 0.9, 0.9, 0.9, neutral=border - 0.01)[0] == "positive"


def test_polarities_of_several_voices_do_not_touch_each_other(heads: Heads) -> None:
    parts = judged([0.95, 0.05, 0.45, 0.9, 0.1])
    first, clauses = np.array([0, 3, 4]), np.array([2, 1, 1])
    several = np.array([True, False, False])
    found = voice_polarities(
        first,
        clauses,
        beside=said_beside(parts, first, clauses, sentences=several, valences=np.zeros(3)),
        judged=parts,
        whole=parts.rows(np.array([2, 3, 4])),
        thresholds=heads.thresholds,
    )
    assert [polarity for polarity, _ in found] == ["mixed", "positive", "negative"]


# ---------------------------------------------------------------------- acts, irony, and what is wished


def test_an_act_is_told_from_its_threshold_on_and_a_remark_below() -> None:
    acts = np.array([[0.5, 0.1, 0.0, 0.0, 0.2], [0.39, 0.3, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.8, 0.1]])
    whole = replace(judged([0.5] * 3), act=acts)
    thresholds = Thresholds(mention=0.5, neutral=0.5, wish=0.5, irony=0.5, act=0.4)
    assert spoken_acts(whole, thresholds=thresholds) == ["complaint", "remark", "question"]


@pytest.fixture
def by_cues(cues: Encoder, cue_heads: Heads) -> Identifier:
    return Identifier(TierJudge(cues, cue_heads))


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("The waiter was rude.", "complaint"),
        ("A friendly waiter.", "praise"),
        ("More bread please.", "request"),
        ("And how do I get there?", "question"),
        ("We sat in the garden.", "remark"),
        ("ok", "none"),
    ],
)
def test_what_a_voice_chiefly_does_is_told(by_cues: Identifier, text: str, act: str) -> None:
    (found,) = by_cues.identify(voices([text]))
    assert found.act == act


def test_the_act_is_that_of_the_whole_text(by_cues: Identifier) -> None:
    (found,) = by_cues.identify(voices(["A friendly waiter. More bread, please. Please!"]))
    assert found.act in ("praise", "request")
    assert len({one.act for one in by_cues.identify(voices(["More bread please."] * 3))}) == 1


def test_what_may_be_meant_ironically_is_marked_where_it_stands(by_cues: Identifier) -> None:
    text = "Bravo, late once more. The waiter was rude."
    found, plain = by_cues.identify(voices([text, "The waiter was rude."]))
    late, rude = of(found, "on_time"), of(found, "friendly_staff")
    assert late is not None
    assert rude is not None
    assert (late.doubtful, rude.doubtful, found.doubtful) == (True, False, True)
    assert not plain.doubtful


def test_a_wish_is_wished_whatever_it_judges(by_cues: Identifier) -> None:
    (found,) = by_cues.identify(voices(["I wish you were never late."]))
    late = of(found, "on_time")
    assert late is not None
    assert (late.polarity, late.stated, late.type) == ("wished", True, "explicit")


def test_an_expectation_that_clauses_disagree_on_is_mixed_and_named_once(by_cues: Identifier) -> None:
    (found,) = by_cues.identify(voices(["A friendly waiter. The cashier was rude."]))
    (mention,) = found.mentions
    assert (mention.expectation, mention.polarity) == ("friendly_staff", "mixed")


def test_the_quote_is_the_part_of_the_clause_that_carries_it(by_cues: Identifier) -> None:
    text = "Nice place. Sadly the soup was stale, and the waiter rude, and all of it dear!"
    (found,) = by_cues.identify(voices([text]))
    assert {one.expectation: one.quote for one in found.mentions} == {
        "product_quality": "Sadly the soup was stale",
        "friendly_staff": "the waiter rude",
        "fair_price": "all of it dear!",
    }
    check(Voice("0", text, 2), found)


def test_what_heads_are_unsure_of_is_not_mentioned(by_cues: Identifier) -> None:
    (found,) = by_cues.identify(voices(["We sat in the garden and had bread."]))
    assert found.mentions == ()


def test_a_clause_speaks_of_four_expectations_at_most(by_cues: Identifier) -> None:
    (found,) = by_cues.identify(voices(["late friendly dear taste"]))
    assert len(found.mentions) == 4
    assert all(one.confidence >= 0.5 for one in found.mentions)
