"""The verbs: the only code that changes a request. One verb, one module; all follow `base`."""

from helpdesk.tickets.actions.assign import give, release, set_responsible, take
from helpdesk.tickets.actions.auto_close import close_due
from helpdesk.tickets.actions.base import AutoAnswer, LetterFacts, NewFile, StateMove
from helpdesk.tickets.actions.bring_back import bring_back
from helpdesk.tickets.actions.change_client import change_client
from helpdesk.tickets.actions.checklist import add_items, apply_template, drop_item, tick
from helpdesk.tickets.actions.choose_queue import choose_queue
from helpdesk.tickets.actions.close import close
from helpdesk.tickets.actions.delivery import miss, reach
from helpdesk.tickets.actions.hand_over import hand_over
from helpdesk.tickets.actions.link import link, unlink
from helpdesk.tickets.actions.lock import lock, unlock
from helpdesk.tickets.actions.merge import merge, unmerge
from helpdesk.tickets.actions.move import move
from helpdesk.tickets.actions.note import note
from helpdesk.tickets.actions.observe import add_observer, remove_observer
from helpdesk.tickets.actions.open_ticket import open_ticket
from helpdesk.tickets.actions.pass_on import pass_on
from helpdesk.tickets.actions.promise import promise
from helpdesk.tickets.actions.read import mark_read
from helpdesk.tickets.actions.remind import remind_due
from helpdesk.tickets.actions.remove import remove
from helpdesk.tickets.actions.reply import reply
from helpdesk.tickets.actions.save_view import drop_view, save_view
from helpdesk.tickets.actions.set_category import set_category
from helpdesk.tickets.actions.set_priority import set_priority
from helpdesk.tickets.actions.set_state import set_state
from helpdesk.tickets.actions.set_subject import set_subject
from helpdesk.tickets.actions.set_tags import set_tags
from helpdesk.tickets.actions.set_type import set_type
from helpdesk.tickets.actions.settle import settle
from helpdesk.tickets.actions.split import split
from helpdesk.tickets.actions.undo import undo
from helpdesk.tickets.actions.watch import unwatch, watch

__all__ = [
    "AutoAnswer",
    "LetterFacts",
    "NewFile",
    "StateMove",
    "add_items",
    "add_observer",
    "apply_template",
    "bring_back",
    "change_client",
    "choose_queue",
    "close",
    "close_due",
    "drop_item",
    "drop_view",
    "give",
    "hand_over",
    "link",
    "lock",
    "mark_read",
    "merge",
    "miss",
    "move",
    "note",
    "open_ticket",
    "pass_on",
    "promise",
    "reach",
    "release",
    "remind_due",
    "remove",
    "remove_observer",
    "reply",
    "save_view",
    "set_category",
    "set_priority",
    "set_responsible",
    "set_state",
    "set_subject",
    "set_tags",
    "set_type",
    "settle",
    "split",
    "take",
    "tick",
    "undo",
    "unlink",
    "unlock",
    "unmerge",
    "unwatch",
    "watch",
]
