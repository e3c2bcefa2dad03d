"""Judges made ready: a tier by its name, with packs and corrections learned beside its heads."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from forvent.errors import BadOption
from forvent.identify.catalogue import Example, catalogue_examples
from forvent.identify.corrections import Taught, as_examples
from forvent.identify.example_vectors import ExampleVectors, example_vectors, read_vectors
from forvent.identify.heads import Heads, load_heads, load_joint
from forvent.identify.heads_files import heads_for
from forvent.identify.judges import AutoJudge, JointJudge, Judge, TierJudge
from forvent.identify.learned import learn
from forvent.identify.learned_head import LearnedHead, with_gates
from forvent.identify.near_corrections import near_corrections
from forvent.identify.neighbour_head import neighbour_head
from forvent.identify.packs import Pack, catalogue_with
from forvent.identify.second_reading import SecondReading
from forvent.language import Encoder, get_encoder
from forvent.language.encoder import ReadsTwice
from forvent.records import Correction


def get_judge(
    name: str = "exact",
    *,
    packs: Sequence[Pack] = (),
    corrections: Sequence[Correction] = (),
    heads: str | Path | None = None,
) -> Judge:
    """The judge of a tier, or of another encoder with its heads.

    Parameters
    ----------
    name
        ``exact``, ``fast``, ``auto``, or an encoder as :func:`forvent.language.get_encoder` names it.
    packs
        Trade packs whose expectations are to be found too.
    corrections
        What people said of mentions; clauses like those follow them.
    heads
        A file of ``forvent encoder fit``, where none ship for the encoder.

    Returns
    -------
    Judge
        Ready to use.

    Raises
    ------
    EncoderUnavailable
        If the name is unknown, the encoder cannot be loaded, or no heads were fitted for it.
    BadOption
        If heads are given for ``auto``, which is two encoders.
    UnreadableFile
        If the file of heads cannot be read.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.

    Examples
    --------
    >>> get_judge("fast").name
    'fast'
    """
    if name == "auto":
        if heads is not None:
            raise BadOption(
                "--heads are those of one encoder, and 'auto' is two.",
                hint="Name the encoder with --encoder.",
            )
        # One for both: what it has read of words once, it knows for either.
        quick = get_encoder("fast")
        fast = prepared(quick, packs=packs, corrections=corrections)
        exact = joined(get_encoder("exact"), packs=packs, corrections=corrections, fast=quick)
        return AutoJudge(fast, exact)
    if name == "exact" and heads is None:
        return joined(get_encoder(name), packs=packs, corrections=corrections)
    encoder = get_encoder(name)
    return prepared(
        encoder, heads_for(encoder, heads) if heads else None, packs=packs, corrections=corrections
    )


def joined(
    encoder: Encoder,
    *,
    packs: Sequence[Pack] = (),
    corrections: Sequence[Correction] = (),
    fast: Encoder | None = None,
) -> Judge:
    """The judge of an encoder that is at hand; the exact one's is joined with the fast tier's.

    Parameters
    ----------
    encoder
        What turns texts into vectors.
    packs, corrections
        As for :func:`prepared`.
    fast
        The fast tier's encoder, if it is at hand too.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.

    Examples
    --------
    >>> joined(get_encoder("fast")).name
    'fast'
    """
    judge = prepared(encoder, packs=packs, corrections=corrections)
    if encoder.name != "exact":
        return judge
    second = SecondReading(encoder) if isinstance(encoder, ReadsTwice) else None
    quick = TierJudge(fast or get_encoder("fast"))
    return JointJudge(judge, quick, load_joint(), neighbours=neighbour_head(), second=second)


def prepared(
    encoder: Encoder,
    heads: Heads | None = None,
    *,
    packs: Sequence[Pack] = (),
    corrections: Sequence[Correction] = (),
) -> TierJudge:
    """A judge of one encoder, with what packs and corrections teach.

    Parameters
    ----------
    encoder
        What turns texts into vectors.
    heads
        Those that ship for it, if not given.
    packs
        Their examples are learned; vectors of those that ship are kept in the package for the exact tier.
    corrections
        Those of general expectations move what is like them; those of a pack are examples of it.

    Returns
    -------
    TierJudge
        Ready to use.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#learned``.
    """
    of = heads or load_heads(encoder.name)
    if not packs and not corrections:
        return TierJudge(encoder, of)
    taught = as_examples(corrections)
    own = [example for pack in packs for example in pack.examples]
    contrast = catalogue_examples() if own else ()
    texts = [one.text for one in (*own, *contrast)] + [one.text for one in taught]
    vectors = example_vectors(texts, encoder, known=_kept(encoder.name))
    near = near_corrections(taught, vectors=vectors, ids=of.expectations, center=of.center, spread=of.spread)
    learned = _learned(packs, own, contrast, vectors=vectors, heads=of, taught=taught) if own else None
    return TierJudge(encoder, of, learned=learned, near=near if len(near.column) else None)


def _learned(
    packs: Sequence[Pack],
    own: Sequence[Example],
    contrast: Sequence[Example],
    *,
    vectors: ExampleVectors,
    heads: Heads,
    taught: Sequence[Taught],
) -> LearnedHead:
    records = catalogue_with(packs)
    head = learn(own, contrast=contrast, vectors=vectors, expectations=records, taught=taught)
    likely = heads.judge(vectors.of([one.text for one in own])).mention
    parents: dict[str, list[float]] = {}
    for example, row in zip(own, likely, strict=True):
        parent = records[example.expectation].parent
        if parent is not None:
            parents.setdefault(example.expectation, []).append(float(row[heads.expectations.index(parent)]))
    return with_gates(head, parents)


def _kept(encoder: str) -> ExampleVectors | None:
    """Vectors of the examples that ship, where they are kept for this encoder."""
    file = resources.files("forvent.identify").joinpath(f"heads/examples-{encoder}.npz")
    return read_vectors(file) if file.is_file() else None
