"""A tiny canvas that becomes a PNG: rectangles and a few digits, enough for a «screenshot». No dependencies."""

import struct
import zlib
from typing import Final

Colour = tuple[int, int, int]

_GLYPHS: Final = {
    "0": "111101101101111",
    "1": "010110010010111",
    "2": "111001111100111",
    "3": "111001111001111",
    "4": "101101111001001",
    "5": "111100111001111",
    "6": "111100111101111",
    "7": "111001010010010",
    "8": "111101111101111",
    "9": "111101111001111",
    ",": "000000000010110",
    "-": "000000111000000",
    " ": "000000000000000",
}


class Canvas:
    """An RGB picture of `width` × `height` pixels, filled with `ground`."""

    def __init__(self, width: int, height: int, *, ground: Colour = (255, 255, 255)) -> None:
        self.width = width
        self.height = height
        self._rows = [bytearray(bytes(ground) * width) for _ in range(height)]

    def rectangle(self, left: int, top: int, *, width: int, height: int, colour: Colour) -> None:
        """Fills a rectangle; what lies outside the picture is cut off."""
        left, right = max(left, 0), min(left + width, self.width)
        if right <= left:
            return
        line = bytes(colour) * (right - left)
        for row in self._rows[max(top, 0) : min(top + height, self.height)]:
            row[left * 3 : right * 3] = line

    def figures(self, left: int, top: int, text: str, *, scale: int, colour: Colour) -> None:
        """Writes digits, commas, minus signs and spaces; each is 3 × 5 dots of `scale` pixels."""
        for position, character in enumerate(text):
            for dot, lit in enumerate(_GLYPHS[character]):
                if lit == "1":
                    x = left + (position * 4 + dot % 3) * scale
                    self.rectangle(x, top + dot // 3 * scale, width=scale, height=scale, colour=colour)

    def png(self) -> bytes:
        """The picture as a PNG file (RFC 2083: 8-bit RGB, no interlace, filter 0)."""
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\x00" + bytes(row) for row in self._rows), 9)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
