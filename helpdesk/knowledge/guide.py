"""The printed guide for clients out of the same pages: `python -m helpdesk.knowledge.guide docs/ru`."""

import sys
from pathlib import Path

from helpdesk.knowledge import shipped

_MARK = "<!-- Из helpdesk/knowledge/pages/ru. Правьте там, затем: python -m helpdesk.knowledge.guide docs/ru -->\n"
_FRONT = """# HelpDesk для клиентов

Как спросить, передать файлы, сообщить об ошибке и получить ответ. Те же страницы открываются в самом HelpDesk:
знак вопроса вверху.

{topics}

Картинки сняты с демонстрационного мира: `make pictures`.
"""


def files() -> dict[str, str]:
    """The guide's files by name."""
    pages = {slug: shipped.source(slug, "ru") for slug in shipped.SLUGS}
    topics = "\n".join(
        f"{place}. [{shipped.parts(text)[0]}]({slug}.md)" for place, (slug, text) in enumerate(pages.items(), 1)
    )
    made = {f"{slug}.md": f"{_MARK}{text.rstrip()}\n{_foot(slug)}" for slug, text in pages.items()}
    return {"README.md": _MARK + _FRONT.format(topics=topics), **made}


def _foot(slug: str) -> str:
    place = shipped.SLUGS.index(slug)
    steps = ["[Все темы](README.md)"]
    if place + 1 < len(shipped.SLUGS):
        following = shipped.SLUGS[place + 1]
        steps.append(f"[Дальше: {shipped.parts(shipped.source(following, 'ru'))[0]}]({following}.md)")
    return f"\n---\n\n{' · '.join(steps)}\n"


def write(folder: Path) -> None:
    """Write the guide into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
