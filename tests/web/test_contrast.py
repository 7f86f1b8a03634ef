"""Every pair of text and background of the tokens against WCAG AA, in both themes."""

import re

import pytest

from helpdesk.web.jinja import STATIC

CSS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
STATES = ["new", "open", "review", "clarify", "rework", "reminder", "done", "closed", "escalated"]
TEXT = [
    *[
        (f"--{ink}", f"--{paper}")
        for ink in ("text", "text-2", "text-3")
        for paper in (
            "sheet",
            "canvas",
            "rail",
            "sunken",
            "hover",
            "selected",
            "pop",
            "auto-bg",
            "agent-bg",
            "client-bg",
        )
    ],
    *[(f"--{ink}", "--hair") for ink in ("text", "text-2")],
    *[(f"--{ink}", "--seg-on") for ink in ("text", "text-2")],
    *[
        ("--link", f"--{paper}")
        for paper in ("sheet", "canvas", "rail", "sunken", "hover", "selected", "agent-bg", "pop")
    ],
    ("--accent", "--sheet"),
    ("--accent", "--canvas"),
    ("--accent", "--agent-bg"),
    ("--accent-strong", "--accent-soft"),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-strong"),
    ("--text-inverse", "--inverse"),
    ("--inverse-link", "--inverse"),
    ("--on-bar", "--bar"),
    ("--bar-link", "--bar"),
    ("--text", "--note-bg"),
    ("--text-2", "--note-bg"),
    ("--note-text", "--note-bg"),
    ("--on-note", "--note-solid"),
    ("--note-bg", "--note-text"),
    *[(f"--st-{s}", f"--st-{s}-bg") for s in STATES],
    *[(f"--st-{s}", p) for s in STATES for p in ("--sheet", "--canvas", "--hover", "--selected")],
    *[(f"--{m}", f"--{m}-bg") for m in ("good", "warn", "bad", "info")],
    *[("--text", f"--{m}-bg") for m in ("good", "warn", "bad", "info")],
    *[
        (f"--{m}", p)
        for m in ("good", "warn", "bad")
        for p in ("--sheet", "--canvas", "--rail", "--hover", "--selected")
    ],
    ("--on-bad", "--bad-solid"),
    ("--p3", "--p3-bg"),
    ("--p4", "--p4-bg"),
    ("--p5", "--p5-bg"),
    ("--p1", "--sheet"),
    ("--p2", "--sheet"),
    ("--p1", "--selected"),
    ("--p2", "--selected"),
    *[("--h-text", f"--h{n}") for n in range(4)],
    ("--h-text-strong", "--h4"),
    ("--h-text-strong", "--h5"),
    ("--c1", "--sheet"),
    ("--c2", "--sheet"),
    ("--letter-text", "--letter-bg"),
    ("--text-2", "--accent-soft"),
    ("--text", "--accent-soft"),
    ("--text-3", "--hair"),
    *[("--link", f"--{m}-bg") for m in ("good", "warn", "bad", "info")],
    ("--bad", "--canvas"),
    ("--warn", "--canvas"),
    ("--good", "--canvas"),
    ("--bad", "--sunken"),
]
PARTS = [  # borders and marks that carry meaning: 3 to 1
    ("--control", "--sheet"),
    ("--control", "--canvas"),
    ("--control", "--rail"),
    ("--focus", "--sheet"),
    ("--focus", "--canvas"),
    ("--focus", "--rail"),
    ("--agent-bar", "--canvas"),
    ("--client-bar", "--canvas"),
    ("--bad", "--sheet"),
    ("--c1", "--sheet"),
    ("--c2", "--sheet"),
    ("--c3", "--sheet"),
    ("--c4", "--sheet"),
]


def dark_lists():
    system = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\n    \}', CSS, re.DOTALL)[1]
    own = re.search(r':root\[data-theme="dark"\] \{(.*?)\n  \}', CSS, re.DOTALL)[1]
    return system, own


def themes():
    colours = re.compile(r"(--[\w-]+):\s*(#[0-9a-fA-F]{6})")
    light = dict(colours.findall(CSS.split("/* dark:")[0]))
    return {"light": light, "dark": light | dict(colours.findall(dark_lists()[1]))}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(one, two):
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("limit", "pairs"), [(4.5, TEXT), (3.0, PARTS)], ids=["text", "parts"])
def test_contrast(theme, limit, pairs):
    colours = themes()[theme]
    low = {
        (a, b): round(ratio(colours[a], colours[b]), 2) for a, b in set(pairs) if not is_enough(colours, a, b, limit)
    }
    assert low == {}


def is_enough(colours, one, two, limit):
    return ratio(colours[one], colours[two]) >= limit


def test_both_dark_lists_are_equal():
    system, own = (re.findall(r"[\w-]+:\s*[^;]+;", text) for text in dark_lists())
    assert len(own) > 100
    assert system == own
