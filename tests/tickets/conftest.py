from dataclasses import dataclass, field

import pytest

from helpdesk.core import bus
from helpdesk.tickets.events import ArticleAdded, TicketChanged
from tests.factories import world


@pytest.fixture(autouse=True)
def _files(own_files):
    pass


@pytest.fixture(scope="module")
def _cast(keep):
    return keep(world)


@pytest.fixture
def cast(_cast, db):
    return _cast()


@dataclass
class News:
    """What was published, in order."""

    events: list = field(default_factory=list)

    @property
    def brief(self):
        return [
            ("article", one.article.sender, one.article.visible_to_client, one.event.verb, one.automatic)
            if isinstance(one, ArticleAdded)
            else ("changed", one.event.verb, one.event.field)
            for one in self.events
        ]


@pytest.fixture
def news():
    """Listens from now on, beside the rooms' own handlers."""
    heard = News()
    for kind in (ArticleAdded, TicketChanged):
        bus.subscribe(kind, heard.events.append)
    yield heard
    for kind in (ArticleAdded, TicketChanged):
        bus._handlers[kind].remove(heard.events.append)
