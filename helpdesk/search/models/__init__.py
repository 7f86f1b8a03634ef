"""Rows of the full-text index, and searches that people keep."""

from helpdesk.search.models.entry import Entry
from helpdesk.search.models.saved import SavedSearch

__all__ = ["Entry", "SavedSearch"]
