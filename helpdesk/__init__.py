"""HelpDesk: where a vendor's support specialists and its client companies work on requests together."""

__version__ = "0.1.0"
