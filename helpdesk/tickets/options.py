"""The domain's settings that live in the database, beside the generators of numbers (`numbers`)."""

from helpdesk.core.options import Option

DRAFT_DAYS = Option("drafts.days", 30)  # how long a draft that nobody changes is kept
