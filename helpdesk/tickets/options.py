"""The domain's settings that live in the database, beside the generators of numbers (`numbers`)."""

from helpdesk.core.options import Option

DISCARDED_DAYS = Option("drafts.discarded_days", 7)  # how long one that was thrown away can be brought back
DRAFT_DAYS = Option("drafts.days", 30)  # how long a draft that nobody changes is kept
