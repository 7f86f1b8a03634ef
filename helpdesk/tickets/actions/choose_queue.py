from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import NotFound
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import OwnQueue, Right


def choose_queue(queue_id: int, *, by: Actor, own: bool) -> None:
    """A specialist makes a queue one of their own, or no longer: it changes what they are shown first, and no right.

    Raises NotFound for a queue that they do not see.
    """
    access = access_of(by)
    if not access.is_agent or not access.has(Right.READ, queue_id):
        raise NotFound
    with verb():
        if own:
            OwnQueue.objects.get_or_create(person_id=access.person_id or 0, queue_id=queue_id)
        else:
            OwnQueue.objects.filter(person_id=access.person_id or 0, queue_id=queue_id).delete()
