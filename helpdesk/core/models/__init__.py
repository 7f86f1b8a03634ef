"""Rows that belong to no trade: files by content, settings, signs of life, working time."""

from helpdesk.core.models.calendar import Calendar, SpecialDay, WorkingInterval
from helpdesk.core.models.file import Blob
from helpdesk.core.models.heartbeat import Heartbeat
from helpdesk.core.models.option import OptionRow

__all__ = ["Blob", "Calendar", "Heartbeat", "OptionRow", "SpecialDay", "WorkingInterval"]
