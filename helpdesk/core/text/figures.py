"""Whole numbers as forms and addresses carry them: ASCII digits alone. Anything may be sent; nothing raises."""

SHORT, LONG = 9, 18  # digits that fit into an integer and into an id of the database


def number(text: str, *, digits: int = SHORT) -> int | None:
    """The number; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def whole(text: str) -> int:
    """The id; 0 for anything else, which no row has."""
    return number(text, digits=LONG) or 0
