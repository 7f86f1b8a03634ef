"""Letters that came and letters that go, as rows. What a letter led to is a ticket's article; here is the letter."""

from helpdesk.mail.models.incoming import RawLetter
from helpdesk.mail.models.outgoing import OutgoingLetter
from helpdesk.mail.models.threads import AutoAnswerLog, FloodCount, KnownMessageId

__all__ = ["AutoAnswerLog", "FloodCount", "KnownMessageId", "OutgoingLetter", "RawLetter"]
