"""Bytes of a letter to plain values (`Letter`): pure, within limits, never raising; knows no requests, no database."""

from helpdesk.mail.parse.letter import Bounce, Letter, Mailbox, Part
from helpdesk.mail.parse.output import parse_file_json, to_json
from helpdesk.mail.parse.parser import parse

__all__ = ["Bounce", "Letter", "Mailbox", "Part", "parse", "parse_file_json", "to_json"]
