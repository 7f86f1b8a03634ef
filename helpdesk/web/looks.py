"""The looks a state may take: colour by the stylesheet's name, picture by this table. A state's row names its look."""

ICONS = {
    "new": "circle-dashed",
    "open": "circle-dot",
    "review": "eye",
    "clarify": "message-circle-question-mark",
    "rework": "wrench",
    "reminder": "alarm-clock",
    "done": "circle-check",
    "autoclose": "hourglass",
    "closed": "circle-check-big",
    "unsolved": "circle-slash",
    "closed_unsolved": "circle-slash",
    "merged": "merge",
    "removed": "trash-2",
    "escalated": "flame",
}


def icon(look: str) -> str:
    """The picture of a look; a plain dot for one that the table does not know."""
    return ICONS.get(look, "circle-dot")
