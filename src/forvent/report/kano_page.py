"""Kinds from a questionnaire as one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence

from forvent.records import Estimate, Kano, KanoFeature, Scale
from forvent.report.frame import framed
from forvent.report.plain_text import plain_text
from forvent.report.sections.kano import (
    beside_section,
    features_section,
    kano_finding,
    plane_section,
)
from forvent.report.sections.kind_groups import drift_section, segments_section
from forvent.report.sections.kind_parts import (
    PageOpening,
    PageSection,
    block,
    definitions,
    file_lines,
    quoted,
    readable,
    turned,
)
from forvent.report.sections.opening import Block
from forvent.report.wording import Names, Wording, wording


def kano_page(kano: Kano, *, language: str = "en", names: Names) -> str:
    """Kinds from a questionnaire as one HTML page that needs no network and no script.

    Better against Worse with intervals, undecided features hollow; every feature with both sides; segments
    and drift where they were asked for, and kinds by ratings beside these where there are some.

    Parameters
    ----------
    kano
        What was found; features are named as the file names them.
    language
        ISO 639-1 code of the language of the page; English where there is no text file for it.
    names
        Names of the catalogue in that language, as for ``page``; only those of the kinds are used.

    Returns
    -------
    str
        The whole HTML document. Names from files are escaped and freed of control characters.

    Source
    ------
    Our own definition, docs/kano.md.

    Examples
    --------
    >>> kano_page.__name__
    'kano_page'
    """
    words = wording(language, names=names, scale=Scale(0, 100))
    features = features_section(kano, wording=words)
    plane = plane_section(kano, wording=words)
    sections = [
        *([plane] if plane else []),
        features,
        *(
            segments_section(one, place=place, wording=words)
            for place, one in enumerate(kano.segments, start=1)
        ),
        *([drift_section(kano.drift, wording=words)] if kano.drift else []),
        *([beside] if (beside := beside_section(kano, wording=words)) else []),
        _data(kano, wording=words),
    ]
    opening = _opening(kano, plane or features, features, wording=words)
    return framed(
        "kinds_page.html",
        wording=words,
        title=opening.title,
        contents=tuple((section.anchor, section.question) for section in sections),
        opening=opening,
        sections=sections,
        footer=words.say("page.footer", date=words.date(kano.made_at)),
    )


def _opening(kano: Kano, plane: PageSection, features: PageSection, *, wording: Wording) -> PageOpening:
    read = wording.say(
        "kano_page.read",
        sheets=wording.counted("kinds_sheets", kano.sheets),
        features=wording.counted("kinds_features", len(kano.features)),
        file=plain_text(kano.file.file),
    )
    return PageOpening(
        title=kano_finding(kano.features, wording=wording),
        made=wording.say("kano_page.made", date=wording.date(kano.made_at)),
        read=(read, *features.care),
        blocks=(
            _largest(kano.features, ("basic", "performance"), key="missing", to=plane, wording=wording),
            _largest(kano.features, ("excitement", "performance"), key="pleases", to=plane, wording=wording),
            _left(kano.features, to=features, wording=wording),
        ),
    )


def _largest(
    features: Sequence[KanoFeature], kinds: tuple[str, ...], *, key: str, to: PageSection, wording: Wording
) -> Block:
    """The feature that displeases, or pleases, most, of the first of these kinds that there is."""
    kind = next((kind for kind in kinds if any(one.kind == kind for one in features)), "")
    sides = [
        (one, side)
        for one in features
        if one.kind == kind
        and isinstance(side := turned(one.worse) if key == "missing" else one.better, Estimate)
    ]
    question = wording.say(f"kano_page.{key}_question")
    if not sides:
        return block(question, wording.say("kano_page.block_none"), to=to)
    first, share = max(sides, key=lambda pair: pair[1].value)
    answer = wording.say(
        f"kano_page.{key}_answer", name=readable(first.feature), share=wording.share_value(share)
    )
    interval = wording.share_interval(share, noun="kinds_pairs")
    return block(question, answer, details=(interval,), to=to)


def _left(features: Sequence[KanoFeature], *, to: PageSection, wording: Wording) -> Block:
    """What hardly anybody would miss, or would rather not have."""
    question = wording.say("kano_page.leave_question")
    names = [one.feature for one in features if one.kind in ("indifferent", "reverse")]
    if not names:
        return block(question, wording.say("kano_page.block_none"), to=to)
    return block(question, quoted(names, wording=wording), to=to)


def _data(kano: Kano, *, wording: Wording) -> PageSection:
    fields = {
        "level": wording.percent(kano.level),
        "rate": wording.percent(kano.false_share),
        "strength": wording.percent(kano.least_strength),
    }
    keys = ("kano_kind", "better", "worse", "strength", "interval")
    return PageSection(
        anchor="data",
        question=wording.say("kinds_page.data_question"),
        finding=wording.say(
            "kinds_page.data_finding",
            used=wording.number(kano.file.used),
            rows=wording.counted("rows", kano.file.rows),
        ),
        lines=file_lines(kano.file, wording=wording),
        definitions=definitions(keys, wording=wording, **fields),
    )
