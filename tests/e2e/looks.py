"""What hinders readers of a page: those who hear it, those on a phone, those in the dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

GRAVE = {"serious", "critical"}
_VIOLATIONS = {"resultTypes": ["violations"]}
_AT_REST = "document.getAnimations().forEach(one => { try { one.finish(); } catch { one.cancel(); } })"


def flaws(page, *, every=False, colours=False):
    """The grave findings, or `every` one; with `colours` of these alone, which take most of the time."""
    options = _VIOLATIONS | ({"runOnly": ["color-contrast"]} if colours else {})
    found = Axe().run(page, options=options).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found if every or v["impact"] in GRAVE]


def fits(page, place=""):
    """One heading, no sideways scrolling."""
    expect(page.locator("h1"), place).to_have_count(1)  # a click returns before the next page is there
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place


def stands_well(page, place=""):
    """One heading, no sideways scrolling, no grave finding."""
    fits(page, place)
    assert flaws(page) == [], place


def stands_well_in_both_schemes(page, place=""):
    """By day, and by night, where the colours alone are others."""
    stands_well(page, place)
    page.emulate_media(color_scheme="dark")
    page.evaluate(_AT_REST)
    assert flaws(page, colours=True) == [], f"{place} in the dark"
    page.emulate_media(color_scheme="light")
    page.evaluate(_AT_REST)
