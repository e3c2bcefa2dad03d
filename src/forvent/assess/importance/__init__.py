"""Importance of expectations: what the ratings go together with, shared out among them."""

from forvent.assess.importance.importances import importances
from forvent.assess.importance.weighed import with_importance

__all__ = ["importances", "with_importance"]
