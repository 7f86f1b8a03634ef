"""How long the long forms are: `make test` runs a few, `make soak` says how many."""

import os


def examples(few):
    """Generated worlds or texts for one property that is dear."""
    return int(os.environ.get("HYPOTHESIS_EXAMPLES", few))


def rounds(few):
    """How often a race is run."""
    return int(os.environ.get("SOAK_ROUNDS", few))
