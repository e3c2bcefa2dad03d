"""What every tier guarantees: the same mentions whatever stands beside a voice, and no harm by bad input."""

from __future__ import annotations

from functools import cache

import pytest

from forvent.identify import Identifier, get_judge
from forvent.identify.heads import load_joint
from forvent.identify.judges import AutoJudge, JointJudge
from forvent.identify.neighbour_head import neighbour_head
from forvent.identify.prepared import prepared
from forvent.identify.second_reading import SecondReading
from forvent.language.encoder import BundledEncoder
from forvent.language.fast import FastEncoder
from forvent.records import IdentifiedVoice, Voice

TIERS = ("exact", "fast", "auto")

MESSY = (
    "came 4 days late!!! and the lad was sooo rude, never again",
    "Obsluha byla milá, ale jídlo studené a drahé.",
    "Maten var god men vi ventet i 50 minutter",
    "Teenindaja oli väga sõbralik, hind liiga kallis",
    "Չափազանց թանկ է, բայց համեղ էր։",
    "味道不错，但是送餐太慢了，等了两个小时",
    "ok",
    "Great job, only three weeks late 👏",
    "I wish you would tell me where my parcel is.",
    "👍",
)
LANGUAGES = (
    "The parcel came late. Balík přišel pozdě. Pakken kom for sent. Pakk jõudis hilja. Առաքումն ուշացավ։ "
    "包裹晚到了。 Das Paket kam zu spät. Le colis est arrivé en retard. El paquete llegó tarde. "
    "Посылка опоздала."
)
ZALGO = "T̸̡͎h̷͓̾e̴̗͂ ̶̝̈́s̵̰̈t̴̩̾a̷̫͝f̶̣̌f̸͚̂ ̶̙̒w̷̤̑e̸̖̍r̷̹̄e̵͇͒ ̷̧͂r̸̬͗u̴̱͐d̷̺̀e̷͉͐"
BAD = {
    "endless": "The parcel came late. " * 4600,
    "endless word": "x" * 100_000,
    "endless Chinese": "快递太慢了" * 20_000,
    "ten languages": LANGUAGES,
    "emoji": "😡😡😡🤬👎",
    "zalgo": ZALGO,
    "much zalgo": "The staff were rude" + "\u0301\u0316" * 5000,
    "surrogates": "\ud800 The parcel came late \udfff, the staff were rude",
    "HTML": '<p>The parcel <b>came late</b>.</p><script>alert("late")</script>rude &amp; dear',
    "nothing": "",
    "blank": " \n\t\u200b ",
    "NUL": "late\x00again, the staff were rude",
    "backwards": "\u202eThe staff were rude.\u202c",
    "commas": ",;，、" * 5000 + "late",
}


@cache
def forgetful(tier: str) -> Identifier:
    """An identifier that remembers no vector: what it says twice, it works out twice."""
    fast = prepared(FastEncoder())
    if tier == "fast":
        return Identifier(fast)
    bundled = BundledEncoder()
    second = SecondReading(bundled)
    exact = JointJudge(prepared(bundled), fast, load_joint(), neighbours=neighbour_head(), second=second)
    return Identifier(AutoJudge(fast, exact) if tier == "auto" else exact)


@cache
def usual(tier: str) -> Identifier:
    return Identifier(get_judge(tier))


@pytest.mark.parametrize("tier", TIERS)
def test_the_same_voices_twice_in_another_order_and_in_other_batches_say_the_same(tier: str) -> None:
    identifier = forgetful(tier)
    voices = [Voice(str(place), text, place + 2) for place, text in enumerate(MESSY)]
    together = identifier.identify(voices)
    assert identifier.identify(voices) == together
    assert identifier.identify(voices[::-1])[::-1] == together
    by_three = [voices[first : first + 3] for first in range(0, len(voices), 3)]
    assert tuple(one for batch in by_three for one in identifier.identify(batch)) == together
    assert tuple(identifier.identify([voice])[0] for voice in voices) == together
    # An identifier made afresh, with memory, says the same.
    assert usual(tier).identify(voices) == together
    assert any(one.mentions for one in together)


def check(voice: Voice, found: IdentifiedVoice) -> None:
    for one in found.mentions:
        assert voice.text[one.start : one.end] == one.quote
        assert one.quote.strip()
        assert 0.0 < one.confidence <= 1.0
    assert len({one.expectation for one in found.mentions}) == len(found.mentions)
    assert 0.0 <= found.confidence <= 1.0
    assert (found.act == "none") == found.content_free


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("kind", BAD)
def test_bad_input_does_no_harm_and_is_quoted_where_it_stands(tier: str, kind: str) -> None:
    voice, other = Voice("1", BAD[kind], 2), Voice("2", MESSY[0], 3)
    found, beside = usual(tier).identify([voice, other])
    check(voice, found)
    # Bad input beside it changes nothing about a voice.
    assert usual(tier).identify([other]) == (beside,)
    assert beside.mentions


@pytest.mark.parametrize("tier", TIERS)
def test_what_has_no_words_says_nothing(tier: str) -> None:
    for kind in ("emoji", "nothing", "blank"):
        (found,) = usual(tier).identify([Voice("1", BAD[kind], 2)])
        assert (found.content_free, found.mentions, found.act) == (True, (), "none")
