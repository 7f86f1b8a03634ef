"""The demo world's content as pure data: who, which queues, which conversations. Knows nothing of Django."""

from typing import Final

from helpdesk.demo.content.conversations_benefits import BENEFITS
from helpdesk.demo.content.conversations_cabinet import CABINET
from helpdesk.demo.content.conversations_cash import CASH
from helpdesk.demo.content.conversations_changes import CHANGES
from helpdesk.demo.content.conversations_charges import CHARGES
from helpdesk.demo.content.conversations_errors import ERRORS
from helpdesk.demo.content.conversations_exchange import EXCHANGE
from helpdesk.demo.content.conversations_features import FEATURES
from helpdesk.demo.content.conversations_formatted import FORMATTED
from helpdesk.demo.content.conversations_mail import MAIL
from helpdesk.demo.content.people import AGENTS, CLIENTS, COMPANIES
from helpdesk.demo.content.queues import CATEGORIES, KINDS, QUEUES, TAGS
from helpdesk.demo.content.types import Conversation

CONVERSATIONS: Final[tuple[Conversation, ...]] = (
    *CHARGES,
    *BENEFITS,
    *EXCHANGE,
    *ERRORS,
    *CHANGES,
    *FEATURES,
    *CABINET,
    *CASH,
    *MAIL,
    *FORMATTED,
)

__all__ = ["AGENTS", "CATEGORIES", "CLIENTS", "COMPANIES", "CONVERSATIONS", "KINDS", "QUEUES", "TAGS"]
