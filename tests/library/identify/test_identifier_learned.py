"""Packs and corrections through the identifier: children in place of parents, the last word to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from forvent.identify import Identifier, Pack, load_pack
from forvent.identify.corrections import text_hash
from forvent.identify.heads import Heads
from forvent.identify.prepared import prepared
from forvent.language import Encoder
from forvent.records import Correction, IdentifiedVoice, Voice

TOML = """[pack]
id = "bakery"
version = "1"
name.en = "Bakery"

[expectations.crisp_crust]
parent = "product_quality"
expects = "a crust that cracks"
name.en = "Crisp crust"
"""
ENDINGS = (
    "of the bread",
    "cracks when cut",
    "is like rubber",
    "sang",
    "as at home",
    "brown and hard",
    "gone",
)
LATE = "The soup was late again."


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("packs") / "bakery"
    (folder / "examples").mkdir(parents=True)
    (folder / "pack.toml").write_text(TOML, encoding="utf-8")
    rows = [f"crisp_crust\tmet\ttaste of a crust {end}" for end in ENDINGS]
    rows += [f"crisp_crust\tunmet\tstale crust {end}" for end in ENDINGS]
    content = "\n".join(["expectation\tpolarity\ttext", *rows, ""])
    (folder / "examples/en.tsv").write_text(content, encoding="utf-8")
    return load_pack(folder)


@pytest.fixture(scope="module")
def with_bakery(cues: Encoder, cue_heads: Heads, bakery: Pack) -> Identifier:
    """What learned the pack; learning takes seconds."""
    return Identifier(prepared(cues, cue_heads, packs=[bakery]), packs=[bakery])


def voice(text: str, voice_id: str = "1") -> Voice:
    return Voice(voice_id, text, 2)


def said(
    action: str,
    expectation: str,
    *,
    text: str = LATE,
    polarity: str | None = None,
    instead: str | None = None,
) -> Correction:
    return Correction(
        text_hash(text), "1", text, expectation, action, polarity, "Eva", datetime(2026, 5, 4), instead, "en"
    )


def of(identified: IdentifiedVoice) -> dict[str, str]:
    return {one.expectation: one.polarity for one in identified.mentions}


def corrected(cues: Encoder, heads: Heads, *corrections: Correction) -> Identifier:
    return Identifier(prepared(cues, heads, corrections=corrections), corrections=corrections)


# ------------------------------------------------------------------------------------------- packs


def test_a_child_of_a_pack_stands_in_place_of_its_parent(
    cues: Encoder, cue_heads: Heads, with_bakery: Identifier
) -> None:
    plain = Identifier(prepared(cues, cue_heads))
    crust, other = voice("A stale crust, what a pity"), voice("The soup was stale.")
    assert of(plain.identify([crust])[0]) == {"product_quality": "unmet"}
    (found,) = with_bakery.identify([crust])
    assert of(found) == {"crisp_crust": "unmet"}
    (mention,) = found.mentions
    assert crust.text[mention.start : mention.end] == mention.quote
    assert mention.stage == "use"
    assert with_bakery.records["crisp_crust"].parent == "product_quality"
    # What is not the child's stays with the parent.
    assert of(with_bakery.identify([other])[0]) == {"product_quality": "unmet"}


def test_in_two_clauses_parent_and_child_are_both_spoken_of(with_bakery: Identifier) -> None:
    (found,) = with_bakery.identify([voice("A taste of crust as at home. The soup was stale.")])
    assert of(found) == {"product_quality": "unmet", "crisp_crust": "met"}


def test_a_pack_changes_nothing_about_voices_that_it_has_no_word_for(
    cues: Encoder, cue_heads: Heads, with_bakery: Identifier
) -> None:
    voices = [voice(text) for text in ("The waiter was rude.", LATE, "Far too dear", "ok")]
    plain = Identifier(prepared(cues, cue_heads)).identify(voices)
    assert with_bakery.identify(voices) == plain


def test_a_pack_gives_the_same_answer_in_any_batch(with_bakery: Identifier) -> None:
    texts = [
        "A stale crust",
        "Taste of a crust and rude staff",
        LATE,
        "ok",
        "crust",
        "The crust cracks. Dear!",
    ]
    voices = [voice(text, str(place)) for place, text in enumerate(texts)]
    alone = tuple(with_bakery.identify([one])[0] for one in voices)
    assert with_bakery.identify(voices) == alone
    assert with_bakery.identify(voices[::-1])[::-1] == alone


# ------------------------------------------------------------------------------------- corrections


def test_a_correction_survives_a_re_run_under_another_voice_id(cues: Encoder, cue_heads: Heads) -> None:
    identifier = corrected(
        cues, cue_heads, said("instead", "on_time", polarity="unmet", instead="fast_delivery")
    )
    for voice_id in ("1", "77"):
        (found,) = identifier.identify([voice(LATE, voice_id)])
        (mention,) = found.mentions
        assert (mention.expectation, mention.polarity, mention.confidence) == ("fast_delivery", "unmet", 1.0)
        assert mention.voice_id == voice_id


def test_what_was_denied_is_gone_and_what_was_missed_is_there(cues: Encoder, cue_heads: Heads) -> None:
    assert of(corrected(cues, cue_heads).identify([voice(LATE)])[0]) == {"on_time": "unmet"}
    denied = corrected(cues, cue_heads, said("wrong", "on_time"))
    assert of(denied.identify([voice(LATE)])[0]) == {}
    missed = corrected(cues, cue_heads, said("missed", "availability", polarity="unmet"))
    assert of(missed.identify([voice(LATE)])[0]) == {"on_time": "unmet", "availability": "unmet"}


def test_a_polarity_that_a_person_gave_goes_before_that_of_the_heads(cues: Encoder, cue_heads: Heads) -> None:
    identifier = corrected(cues, cue_heads, said("polarity", "on_time", polarity="wished"))
    assert of(identifier.identify([voice(LATE)])[0]) == {"on_time": "wished"}


def test_words_like_the_corrected_ones_follow_at_once_and_others_do_not(
    cues: Encoder, cue_heads: Heads
) -> None:
    identifier = corrected(cues, cue_heads, said("wrong", "on_time"))
    like, other = voice("The soup was late again!!"), voice("Late, and nobody told us why or when")
    assert of(identifier.identify([like])[0]) == {}
    assert of(identifier.identify([other])[0]) == {"on_time": "unmet"}


def test_other_voices_stay_as_they_were_to_the_bit(cues: Encoder, cue_heads: Heads) -> None:
    voices = [voice("The waiter was rude."), voice("Far too dear"), voice("ok"), voice("👍")]
    identifier = corrected(cues, cue_heads, said("wrong", "on_time"))
    assert identifier.identify(voices) == corrected(cues, cue_heads).identify(voices)


def test_a_corrected_mention_keeps_the_touchpoint_of_its_voice(cues: Encoder, cue_heads: Heads) -> None:
    identifier = corrected(cues, cue_heads, said("missed", "availability", polarity="unmet"))
    (found,) = identifier.identify([replace(voice(LATE), touchpoint="counter")])
    assert {one.touchpoint for one in found.mentions} == {"counter"}


def test_a_correction_may_speak_of_an_expectation_of_a_pack(
    cues: Encoder, cue_heads: Heads, bakery: Pack
) -> None:
    correction = said("instead", "on_time", polarity="unmet", instead="crisp_crust")
    judge = prepared(cues, cue_heads, packs=[bakery], corrections=[correction])
    identifier = Identifier(judge, packs=[bakery], corrections=[correction])
    assert of(identifier.identify([voice(LATE, "9")])[0]) == {"crisp_crust": "unmet"}
    # Without the pack the id is unknown, and left out.
    assert of(corrected(cues, cue_heads, correction).identify([voice(LATE)])[0]) == {}
