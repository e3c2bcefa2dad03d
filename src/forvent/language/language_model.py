"""What tells languages by their words: the part of py3langid's model that forvent asks for, ready to read."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_FILE = "models/languages.npz"


class LanguageModel:
    """The tables of py3langid's model, of some of its languages.

    The names are those of :class:`py3langid.langid.LanguageIdentifier`, in whose place it stands: to unpack
    that one's own file takes longer than to tell the languages of ten thousand texts.

    Source
    ------
    Lui & Baldwin (2012), "langid.py", ACL system demonstrations; the part is kept by
    ``training/keep_languages.py``.
    """

    def __init__(self, tables: dict[str, NDArray[Any]]) -> None:
        self.tk_nextmove, self.tk_row, self.tk_output = (tables[name] for name in ("next", "row", "output"))
        self.nb_ptc, self.nb_pc = tables["likely"], tables["prior"]
        self.nb_classes: list[str] = tables["labels"].tolist()

    @property
    def labels(self) -> list[str]:
        """Codes of the languages."""
        return self.nb_classes

    def set_languages(self, codes: Sequence[str]) -> None:
        """Keep only these languages, in their own order."""
        columns = [place for place, label in enumerate(self.nb_classes) if label in codes]
        self.nb_ptc, self.nb_pc = self.nb_ptc[:, columns], self.nb_pc[columns]
        self.nb_classes = [self.nb_classes[place] for place in columns]


def language_model(codes: Sequence[str]) -> Any:
    """The model of these languages: the part that ships where it has all of them, else py3langid's own.

    Parameters
    ----------
    codes
        Codes as py3langid has them; others are left out.

    Returns
    -------
    LanguageModel or LanguageIdentifier
        Restricted to these languages.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> language_model(["en", "no", "nn"]).labels
    ['en', 'no', 'nn']
    """
    file = resources.files("forvent.language").joinpath(_FILE)
    model: Any = None
    if file.is_file():
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            if set(codes) <= set(kept["asked"].tolist()):
                model = LanguageModel({name: kept[name] for name in kept.files})
    if model is None:
        model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
    model.set_languages([code for code in codes if code in set(model.labels)])
    return model
