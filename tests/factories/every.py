"""One test over many things: quick where each takes less than a test itself; every one that fails is told."""

import functools


def every(things, *, name):
    """Run the test's body with each of them; `name` tells which failed, each with its own assertion."""

    def over(test):
        def whole():
            failed = []
            for thing in things:
                try:
                    test(thing)
                except Exception as error:
                    error.add_note(f"of {name(thing)}")
                    failed.append(error)
            assert things
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(things)} fail", failed)

        functools.update_wrapper(whole, test)
        del whole.__wrapped__  # pytest would look for a fixture of the parameter's name
        return whole

    return over
