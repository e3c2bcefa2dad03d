"""Keeps the part of py3langid's model that the detector of languages asks for.

Writes ``src/forvent/language/models/languages.npz``: the same tables for fewer languages, quicker to read.
Run it again when py3langid or the languages of ``forvent.language.detection`` change.
"""

from __future__ import annotations

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from forvent.language.detection import their_codes
from material import HERE

OUT = HERE.parent / "src/forvent/language/models/languages.npz"


def main() -> None:
    """Read, restrict, write."""
    asked = their_codes()
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
    model.set_languages([code for code in asked if code in set(model.labels)])
    np.savez_compressed(
        OUT,
        asked=np.array(asked),
        labels=np.array(model.nb_classes),
        next=np.asarray(model.tk_nextmove),
        row=np.asarray(model.tk_row),
        output=np.asarray(model.tk_output),
        likely=model.nb_ptc,
        prior=model.nb_pc,
    )
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes, {len(model.nb_classes)} languages")


if __name__ == "__main__":
    main()
