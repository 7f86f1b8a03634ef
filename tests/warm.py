"""The interpreter that `programs` forks: has loaded the libraries, knows no settings, and ends with who started it."""

import array
import atexit
import contextlib
import encodings
import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
import traceback

# loaded whole with what they import; prometheus_client is not among them: it reads the environment when imported
_LIBRARIES = """
    django.contrib.auth.backends django.contrib.auth.hashers django.contrib.staticfiles.storage
    django.contrib.sessions.backends.db django.core.cache.backends.db django.core.files.storage django.core.mail
    django.core.management.base django.core.management.commands.migrate django.core.management.commands.check
    django.core.handlers.wsgi django.core.handlers.asgi django.db.backends.postgresql.base django.db.migrations.executor
    django.db.models django.contrib.postgres.fields django.contrib.postgres.search django.contrib.postgres.indexes
    django.forms django.http django.middleware.csrf django.middleware.common django.middleware.security
    django.template.backends.django django.template.backends.jinja2 django.template.loader django.test.client
    django.urls django.utils.translation.trans_real django.views.csrf django.views.debug django.views.static
    django.views.i18n django_htmx.middleware procrastinate jinja2.ext jinja2.sandbox psycopg psycopg_pool psycopg.types.json
    lxml.html nh3 inscriptis argon2 babel.messages.pofile aiosmtpd.smtp granian
    django.shortcuts django.contrib.messages.api django.contrib.messages.storage.base django.contrib.sites.shortcuts
    django.contrib.sites.requests django.contrib.postgres.signals django.contrib.staticfiles.finders
    django.contrib.contenttypes.checks django.db.migrations.writer django.views.decorators.cache
    django.utils.translation.reloader psycopg.types.hstore allauth.core.exceptions getpass
    argparse concurrent.futures email.message email.parser email.policy http.cookies imaplib ipaddress json logging.config
    multiprocessing smtplib ssl statistics tarfile urllib.request uuid xml.etree.ElementTree zipfile zoneinfo
""".split()  # noqa: SIM905


def main(path):
    """Serve orders until standard input ends."""
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(path)
        line.listen(16)
        print("ready", flush=True)
        warm()
        with selectors.DefaultSelector() as ready:
            ready.register(line, selectors.EVENT_READ)
            ready.register(sys.stdin, selectors.EVENT_READ)
            while True:
                asked = {key.fileobj for key, _ in ready.select(timeout=5)}
                _reap()
                if sys.stdin in asked:
                    return
                if line in asked:
                    order, _ = line.accept()
                    with order:
                        if os.fork() == 0:
                            line.close()
                            ready.close()
                            _keep(order)


def warm():
    """Load the libraries; those that want settings first are left to the program."""
    charsets = [f"encodings.{module.name}" for module in pkgutil.iter_modules(encodings.__path__)]
    for name in (*_LIBRARIES, *charsets):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    assert not {"helpdesk", "prometheus_client"} & set(sys.modules)
    gc.collect()
    gc.freeze()  # what is never looked at by the collector is never copied either


def _reap():
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _keep(order):
    """In a process of its own: run the program in another, and tell how it ended."""
    length, ancillary, _, _ = order.recvmsg(8, socket.CMSG_LEN(3 * array.array("i").itemsize))
    streams = array.array("i", ancillary[0][2])
    size = int.from_bytes(length, "big")
    octets = b""
    while len(octets) < size:
        octets += order.recv(size - len(octets))
    program = os.fork()
    if program == 0:
        order.close()
        for place, stream in enumerate(streams):
            os.dup2(stream, place)
            os.close(stream)
        _be(**json.loads(octets))
    code = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
    with contextlib.suppress(OSError):
        order.sendall(str(code).encode())
    os._exit(0)


def _be(*, arguments, env, cwd):
    """Become `python ARGUMENTS`."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    sys.path[0] = cwd if arguments[0] == "-m" else ""
    sys.path[1:1] = [place for place in env.get("PYTHONPATH", "").split(os.pathsep) if place]
    code = 1
    try:
        code = _run(*arguments)
    except SystemExit as ended:
        code = ended.code
        if code is not None and not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:
        traceback.print_exc()
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit((code or 0) & 0xFF)


def _run(flag, what, *arguments):
    sys.argv = [flag if flag == "-c" else what, *arguments]
    sys.modules.pop("tests.warm", None)
    if flag == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        own = type(sys)("__main__")
        own.__builtins__ = __builtins__
        sys.modules["__main__"] = own
        exec(compile(what, "<string>", "exec"), own.__dict__)
    return 0


if __name__ == "__main__":
    main(sys.argv[1])
