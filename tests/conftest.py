"""One embedded PostgreSQL for the whole session, started before xdist's workers; their databases are copies of a migrated one."""

import gc
import itertools
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# a busy machine is no failure of a property; `make test` looks at the same examples each time, `make soak` at many others
_many = os.environ.get("HYPOTHESIS_EXAMPLES", "")
settings.register_profile("ours", deadline=None, max_examples=int(_many or "25"), derandomize=not _many)
settings.load_profile("ours")

_ROOT = Path(__file__).resolve().parent.parent
LONG = ("test_first_request", "test_setup_", "test_kill", "test_keeping", "test_every_page")  # few tests, long ones
_owned = []
_folders = itertools.count()

if sys.dont_write_bytecode:  # whoever wants none beside the sources has it in .cache: every process would compile anew
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(_ROOT / ".cache" / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_configure(config):
    """The controlling process starts the cluster; workers get its address from the environment."""
    if hasattr(config, "workerinput"):
        return
    from tests import room

    room.settle()
    from helpdesk.web.messages import compile_all

    compile_all()  # pages speak Russian in the tests as well
    if os.environ.get("DATABASE_URL"):
        return
    from helpdesk.core.postgres import Cluster, Way
    from tests import migrated

    home = Path(tempfile.mkdtemp(prefix=room.PREFIX, dir=room.place()))
    cache = _ROOT / ".cache" / "postgres"
    cache.mkdir(parents=True, exist_ok=True)

    def way(template):
        return Way(hasty=True, template=template, named_binaries=os.environ.get("HELPDESK_POSTGRES_BIN", ""))

    cluster = Cluster(home, way(migrated.folder(cache, way)))
    _owned.append((cluster, home))
    os.environ["DATABASE_URL"] = url = cluster.start()
    os.environ["HELPDESK_TEST_TEMPLATE"] = migrated.NAME
    _tell_django(url, migrated.NAME)
    os.environ["HELPDESK_TEST_CLUSTER"] = str(cluster.pid)


def _tell_django(url, template):
    """pytest-django has read the settings before any conftest: give the loaded ones the address."""
    from django.conf import settings
    from django.db import connections

    from helpdesk.config import env

    found = env.database(url)
    found.pop("EXTRA")
    for known in (settings.DATABASES["default"], connections.settings["default"]):
        known.update(found)
        known.setdefault("TEST", {})["TEMPLATE"] = template


def pytest_unconfigure(config):
    from tests import programs

    programs.end()
    while _owned:
        cluster, home = _owned.pop()
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)
        for name in ("DATABASE_URL", "HELPDESK_TEST_TEMPLATE"):
            os.environ.pop(name, None)


@pytest.hookimpl(optionalhook=True)  # the soak runs without xdist
def pytest_xdist_make_scheduler(config, log):
    """Neighbours stay with one worker, which keeps what a module made, until another has nothing left to do."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


def pytest_collection_finish():
    """The modules and the tests stay to the end: the collector of garbage need not look at them time and again."""
    from tests import templates

    templates.keep_compiled(_ROOT / ".cache" / "templates")
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_runtest_setup(item):
    from tests.factories import shared

    shared.before(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """In a module those that commit come last; what walks the product as a whole comes after everything quick."""
    from tests.factories.shared import commits

    for item in items:
        if "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.e2e)
    result = yield
    modules = {}  # in their order
    place = {item: modules.setdefault(item.path, len(modules)) for item in items}
    sizes = Counter(item.path for item in items)

    def turn(item):
        if item.get_closest_marker("e2e") is None:
            return (False, place[item], commits(item))
        # whole files go to the workers: what is long comes first, so that none works alone at the end
        long = item.path.name.startswith(LONG)
        return (True, not long, 0 if long else -sizes[item.path], place[item], commits(item))

    items.sort(key=turn)
    return result


@pytest.fixture(autouse=True, scope="session")
def _rows_of_migrations_outlive_tests_that_commit():
    import django.test

    from tests.factories import signing
    from tests.factories.committed import Committing

    signing.settle()

    django.test.TransactionTestCase = Committing  # pytest-django takes it from there


@pytest.fixture(scope="module")
def keep(django_db_setup, django_db_blocker):
    """`keep(make)` in a fixture of a module: the rows are made once, each test gets a fresh copy of the objects."""
    from tests.factories.shared import Kept

    kept = Kept(django_db_blocker)
    yield kept.keep
    kept.end()


@pytest.fixture
def own_files(settings, tmp_path_factory):
    """A folder of its own for the contents that a test stores, made when it stores one."""
    settings.FILES_URL = (tmp_path_factory.getbasetemp() / f"files-{next(_folders)}").as_uri()


# the shell without windows is the same engine for half the processor time
NAMES = (
    os.environ.get("HELPDESK_CHROMIUM", ""), "chromium-headless-shell", "chromium", "google-chrome", "chromium-browser",
)  # fmt: skip
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser():
    found = next((path for name in NAMES if name and (path := shutil.which(name))), None)
    assert found, "no Chromium found: install the package chromium or set HELPDESK_CHROMIUM"
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=40_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        # Playwright's event loop must not forbid Django's synchronous queries in this thread
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()
