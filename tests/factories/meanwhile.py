"""Tests that mostly wait run side by side: the first of a module that is asked for begins them all."""

import functools
import inspect
from concurrent.futures import ThreadPoolExecutor

_modules = {}


def meanwhile(test):
    """Run a test without fixtures in a thread, together with the module's others that were asked for.

    A test with parameters is begun once for each set of them.
    """
    names = [*inspect.signature(test).parameters]

    @functools.wraps(test)
    def joined(request, **given):
        _begun(request)[request.node.name].result()

    joined.__signature__ = inspect.Signature(
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in ("request", *names)]
    )
    joined.meanwhile = test
    return joined


def _begun(request):
    if request.path not in _modules:
        asked = {
            item.name: functools.partial(
                item.obj.meanwhile, **(item.callspec.params if hasattr(item, "callspec") else {})
            )
            for item in request.session.items
            if item.path == request.path and hasattr(getattr(item, "obj", None), "meanwhile")
        }
        pool = ThreadPoolExecutor(len(asked))
        _modules[request.path] = {name: pool.submit(test) for name, test in asked.items()}
        pool.shutdown(wait=False)
    return _modules[request.path]
