"""How long the long forms are: `make test` runs a few, `make soak` says how many."""

import os


def examples(few):
    """Generated worlds or texts for one property that is dear."""
    return int(os.environ.get("HYPOTHESIS_EXAMPLES", few))


def moments(few, *others):
    """Where a process is killed: with SOAK_KILLS at each of them, so many times."""
    kills = os.environ.get("SOAK_KILLS")
    return [*few, *others] * int(kills) if kills else [*few]


def rounds(few):
    """How often a race is run."""
    return int(os.environ.get("SOAK_ROUNDS", few))
