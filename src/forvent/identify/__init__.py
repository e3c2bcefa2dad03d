"""Step 1, what do customers expect: catalogue, mentions, polarity, stated levels."""

from forvent.identify.catalogue import Example, catalogue, examples, expectation, names
from forvent.identify.content import is_content_free
from forvent.identify.identifier import Identifier, identify
from forvent.identify.levels import find_levels
from forvent.identify.quotes import QuoteBook
from forvent.identify.stated import is_stated

__all__ = [
    "Example",
    "Identifier",
    "QuoteBook",
    "catalogue",
    "examples",
    "expectation",
    "find_levels",
    "identify",
    "is_content_free",
    "is_stated",
    "names",
]
