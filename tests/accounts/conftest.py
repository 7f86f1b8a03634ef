import pytest
from django.core.cache import cache

from helpdesk.accounts import actions
from helpdesk.accounts.events import LetterWanted
from helpdesk.core import bus

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def company(db):
    return actions.create_company("ООО «УК Заря»", "УК Заря")


@pytest.fixture
def carol(company):
    return actions.create_person(
        "client", "Мария Синицына", login="carol", address="Carol@Example.com", company=company, password=PASSWORD
    )


@pytest.fixture
def alice(db):
    return actions.create_person(
        "agent", "Анна Ковалёва", login="alice", address="alice@example.com", password=PASSWORD
    )


@pytest.fixture
def letters(monkeypatch):
    """Every LetterWanted published, instead of the outbox's rows."""
    wanted = []
    monkeypatch.setitem(bus._handlers, LetterWanted, [wanted.append])
    return wanted


@pytest.fixture
def all_middleware(settings):
    """The middlewares of this room, wherever the settings put them."""
    own = ["helpdesk.accounts.middleware.NoStore", "helpdesk.accounts.middleware.SessionLimits"]
    settings.MIDDLEWARE = [*[name for name in settings.MIDDLEWARE if name not in own], *own]


@pytest.fixture
def sign_in(client):
    def post(login, password=PASSWORD, **extra):
        browser = extra.pop("browser", client)
        next_ = extra.pop("next", None)
        data = {"login": login, "password": password, **({"next": next_} if next_ is not None else {})}
        return browser.post("/login/", data, **extra)

    return post
