"""Rows of the domain."""

from helpdesk.tickets.models.article import Article, Attachment
from helpdesk.tickets.models.checklist import ChecklistItem, ChecklistTemplate
from helpdesk.tickets.models.desk import BulkAct, BulkLine, OwnQueue, SavedView
from helpdesk.tickets.models.draft import Draft
from helpdesk.tickets.models.event import SEEN_FIELDS, TicketEvent
from helpdesk.tickets.models.field_value import FieldValue
from helpdesk.tickets.models.grant import Grant, Right
from helpdesk.tickets.models.masters import (
    Category,
    IntakeField,
    MasterVersion,
    Priority,
    Queue,
    State,
    StateType,
    Tag,
    TicketType,
)
from helpdesk.tickets.models.presence import Presence
from helpdesk.tickets.models.ready_text import ReadyText
from helpdesk.tickets.models.signature import Signature
from helpdesk.tickets.models.submission import StagedFile, Submission
from helpdesk.tickets.models.ticket import (
    Channel,
    Link,
    Mention,
    NumberAlias,
    NumberCounter,
    Participant,
    Phase,
    ReadMark,
    Ticket,
    TicketTag,
    WaitsFor,
)

__all__ = [
    "SEEN_FIELDS",
    "Article",
    "Attachment",
    "BulkAct",
    "BulkLine",
    "Category",
    "Channel",
    "ChecklistItem",
    "ChecklistTemplate",
    "Draft",
    "FieldValue",
    "Grant",
    "IntakeField",
    "Link",
    "MasterVersion",
    "Mention",
    "NumberAlias",
    "NumberCounter",
    "OwnQueue",
    "Participant",
    "Phase",
    "Presence",
    "Priority",
    "Queue",
    "ReadMark",
    "ReadyText",
    "Right",
    "SavedView",
    "Signature",
    "StagedFile",
    "State",
    "StateType",
    "Submission",
    "Tag",
    "Ticket",
    "TicketEvent",
    "TicketTag",
    "TicketType",
    "WaitsFor",
]  # fmt: skip
