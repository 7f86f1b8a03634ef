"""Whether two words differ by one error of typing. Pure."""


def is_near(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed, or two that changed places make one word of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, beside = one[at:], other[at:]
    if len(one) == len(other):
        swapped = rest[:2] == beside[:2][::-1] and rest[2:] == beside[2:]
        return rest[1:] == beside[1:] or swapped
    return rest[1:] == beside if len(one) > len(other) else rest == beside[1:]
