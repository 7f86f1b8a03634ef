"""What administrators wrote about the product, as rows."""

from helpdesk.knowledge.models.page import Page

__all__ = ["Page"]
