"""The mail room's settings that an administrator may change."""

from helpdesk.core.options import Option

FROM_ADDRESS = Option("mail.from_address", "support@example.com")
FROM_NAME = Option("mail.from_name", {"ru": "Служба поддержки", "en": "Support"})
INBOX_QUEUE = Option("mail.inbox_queue", "inbox")  # key of the queue of letters that no other queue's address claims
