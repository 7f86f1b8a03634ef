"""Masters written by administrators: queues with their fields, states, priorities, categories, types, rights of roles.

Requests are not touched here. What is in use is switched off, never deleted.
"""

from helpdesk.tickets.actions.masters.categories import put_category, switch_category
from helpdesk.tickets.actions.masters.fields import put_field, switch_field
from helpdesk.tickets.actions.masters.grants import grant, revoke
from helpdesk.tickets.actions.masters.queues import create_queue, put_queue, switch_off_queue, switch_on_queue
from helpdesk.tickets.actions.masters.states import change_state, put_priority, put_state, switch_priority, switch_state
from helpdesk.tickets.actions.masters.types import put_type, switch_type

__all__ = [
    "change_state",
    "create_queue",
    "grant",
    "put_category",
    "put_field",
    "put_priority",
    "put_queue",
    "put_state",
    "put_type",
    "revoke",
    "switch_category",
    "switch_field",
    "switch_off_queue",
    "switch_on_queue",
    "switch_priority",
    "switch_state",
    "switch_type",
]
