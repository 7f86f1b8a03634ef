"""Makes the fonts of documents: `python scripts/pdf_fonts.py PACKAGE` (needs fonttools and brotli).

PACKAGE is the unpacked npm package @fontsource-variable/golos-text, of which the pages' fonts are made too. Typst reads
no woff2 and no variable weight: here the parts of the family become one TrueType file for each weight. The results are
committed; the licence (SIL OFL 1.1, no reserved font name) allows it.
"""

import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

TARGET = Path(__file__).resolve().parents[1] / "helpdesk" / "core" / "pdf" / "fonts"
PARTS = ("latin", "cyrillic", "cyrillic-ext", "latin-ext")  # the first one of two that have a sign wins
WEIGHTS = {"Regular": 400, "SemiBold": 600}


def weight(package: Path, folder: Path, part: str, value: int) -> str:
    font = TTFont(package / "files" / f"golos-text-{part}-wght-normal.woff2")
    fixed = instantiateVariableFont(font, {"wght": value})
    fixed.flavor = None
    if part == "latin":
        thin_spaces(fixed)
    path = folder / f"{part}-{value}.ttf"
    fixed.save(path)
    return str(path)


def thin_spaces(font: TTFont) -> None:
    """The thin space that parts thousands, and the same without a break, which the family lacks."""
    font["hmtx"].metrics["uni2009"] = (200, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x202F] = table.cmap[0x2009]


def named(font: TTFont, style: str, value: int) -> None:
    """One family with two weights, told by the names that Typst reads."""
    names = {1: "Golos Text" if style == "Regular" else f"Golos Text {style}", 2: "Regular", 4: f"Golos Text {style}",
             6: f"GolosText-{style}", 16: "Golos Text", 17: style}  # fmt: skip
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = value


def main(package: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for style, value in WEIGHTS.items():
            font = Merger().merge([weight(package, Path(folder), part, value) for part in PARTS])
            named(font, style, value)
            font.save(TARGET / f"GolosText-{style}.ttf")
            print(f"GolosText-{style}.ttf", len(font.getBestCmap()), "signs")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
