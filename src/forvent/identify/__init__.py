"""Step 1, what do customers expect: catalogue and packs, mentions, polarity, levels, sources, discovery."""

from forvent.identify.catalogue import Example, catalogue, examples, expectation, names
from forvent.identify.content import is_content_free
from forvent.identify.corrections import append_correction, apply_corrections, read_corrections
from forvent.identify.identifier import Identifier, identify
from forvent.identify.intents import INTENTS, Intent, IntentBook, intent_key, intents_in
from forvent.identify.levels import find_levels
from forvent.identify.levels_tied import levels_of
from forvent.identify.packs import Pack, catalogue_with, load_pack, names_with, shipped_packs
from forvent.identify.prepared import get_judge
from forvent.identify.quotes import QuoteBook
from forvent.identify.sources import source_of
from forvent.identify.stated import is_stated

__all__ = [
    "INTENTS",
    "Example",
    "Identifier",
    "Intent",
    "IntentBook",
    "Pack",
    "QuoteBook",
    "append_correction",
    "apply_corrections",
    "catalogue",
    "catalogue_with",
    "examples",
    "expectation",
    "find_levels",
    "get_judge",
    "identify",
    "intent_key",
    "intents_in",
    "is_content_free",
    "is_stated",
    "levels_of",
    "load_pack",
    "names",
    "names_with",
    "read_corrections",
    "shipped_packs",
    "source_of",
]
