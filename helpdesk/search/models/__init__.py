"""Rows of the full-text index."""

from helpdesk.search.models.entry import Entry

__all__ = ["Entry"]
