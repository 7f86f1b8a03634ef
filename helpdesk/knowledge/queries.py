"""Reading the help: what is shipped, and over it what an administrator wrote."""

from dataclasses import dataclass

from helpdesk.knowledge import markdown, shipped
from helpdesk.knowledge.models import Page


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of help in one language; `body` is Markdown."""

    slug: str
    title: str
    body: str

    def html(self, base: str) -> str:
        """The body as harmless HTML; links between pages lead below `base`."""
        return markdown.html(self.body, base)


def topics(language: str) -> list[Topic]:
    """All pages of help in a language (ru, en) and in their order. One statement."""
    rows = {row.slug: row for row in Page.objects.all()}
    places = {slug: (float(place), slug) for place, slug in enumerate(shipped.SLUGS)}
    for slug, row in rows.items():
        if row.position is not None:
            places[slug] = (row.position - 0.5, slug)  # before the shipped one that stands there
        places.setdefault(slug, (float("inf"), slug))
    found = [_topic(slug, rows.get(slug), language) for slug in sorted(places, key=places.__getitem__)]
    return [topic for topic in found if topic is not None]


def _topic(slug: str, row: Page | None, language: str) -> Topic | None:
    if row is None:
        return Topic(slug, *shipped.parts(shipped.source(slug, language)))
    if row.inactive_at is not None:
        return None
    if language == "en" and row.title_en:
        return Topic(slug, row.title_en, row.body_en)
    return Topic(slug, row.title_ru, row.body_ru)
