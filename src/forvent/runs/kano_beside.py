"""A questionnaire of kinds beside what ratings look like: the same things under two names, joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from forvent.assess.kano import kinds_beside
from forvent.errors import BadOption
from forvent.reading.kinds_file import read_kinds
from forvent.records import Asymmetry, Kano, KanoFeature


def put_beside(kano: Kano, file: Path | str, *, same: Mapping[str, str]) -> Kano:
    """The questionnaire with the kinds of an earlier run on ratings beside its own.

    Parameters
    ----------
    kano
        What the questionnaire says.
    file
        drivers.json or findings.json.
    same
        Feature → touchpoint or expectation, where the names differ by more than case and blanks.

    Returns
    -------
    Kano
        The same with ``beside`` filled.

    Raises
    ------
    ForventError
        If the file is none of these, or a name is not there.

    Source
    ------
    Our own definition, docs/formulas/assess-kano.md#beside.
    """
    said = read_kinds(file)
    expectations = {**_alike(kano.features, said), **_given(same, kano.features, said, Path(file).name)}
    found = kinds_beside(kano.features, said, expectations=expectations)
    return replace(kano, beside=found, beside_file=Path(file).name)


def _given(
    same: Mapping[str, str], features: Sequence[KanoFeature], said: Sequence[Asymmetry], file: str
) -> Mapping[str, str]:
    """Pairs that somebody named, each of which must be there."""
    asked, spoken = [one.feature for one in features], [one.expectation for one in said]
    for feature, expectation in same.items():
        if feature not in asked:
            raise BadOption(
                f"“{feature}” is no feature of the questionnaire.", hint=f"Features: {', '.join(asked)}."
            )
        if expectation not in spoken:
            raise BadOption(f"{file} knows no “{expectation}”.", hint=f"It knows: {', '.join(spoken)}.")
    return same


def _alike(features: Sequence[KanoFeature], said: Sequence[Asymmetry]) -> dict[str, str]:
    """Features that read as one name of the other side but for case, blanks and punctuation."""
    names: dict[str, list[str]] = {}
    for one in said:
        names.setdefault(_plain(one.expectation), []).append(one.expectation)
    return {
        feature.feature: found[0]
        for feature in features
        if len(found := names.get(_plain(feature.feature), [])) == 1
    }


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()
