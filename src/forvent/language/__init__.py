"""Text → language, sentences, vectors. No business word in here."""

from forvent.language.detection import Detected, LanguageDetector
from forvent.language.encoder import Encoder, RememberingEncoder, available_encoders, get_encoder
from forvent.language.sentences import Span, split_clauses, split_sentences

__all__ = [
    "Detected",
    "Encoder",
    "LanguageDetector",
    "RememberingEncoder",
    "Span",
    "available_encoders",
    "get_encoder",
    "split_clauses",
    "split_sentences",
]
