"""The mail room's settings that an administrator may change."""

from helpdesk.core.options import Option

FROM_ADDRESS = Option("mail.from_address", "support@example.com")
FROM_NAME = Option("mail.from_name", {"ru": "Служба сопровождения", "en": "Support"})
INBOX_QUEUE = Option("mail.inbox_queue", "inbox")  # key of the queue of letters that no other queue's address claims
# Against floods, letters an hour (see flood.Limits; 0: no limit)
LETTERS_OF_ONE = Option("mail.letters_of_one_sender", 200)
LETTERS_OF_STRANGERS = Option("mail.letters_of_strangers", 1000)
ANSWERS_TO_STRANGERS = Option("mail.answers_to_strangers", 300)
