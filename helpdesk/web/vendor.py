"""Brings the vendored scripts: `python -m helpdesk.web.vendor` (needs npm). The results are committed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parent / "static" / "web" / "vendor"


@dataclass(frozen=True)
class Package:
    """A pinned package; `sha512` is npm's own integrity value, `files` maps names in it to ours."""

    name: str
    version: str
    sha512: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "squire-rte",
        "2.4.8",
        "sha512-pUp+LhZf2cUlhRKnD40DopUCdhmHlYUF7zGYqOBr8I/tQk/qZie/nXQ1DQcKlXqlr8Bw16TpE/7LQWxUeVrFNg==",
        {"dist/squire.mjs": "squire.js", "LICENSE": "squire-LICENSE.txt"},
    ),
    Package(
        "dompurify",
        "3.4.18",
        "sha512-ofe3wI/uNm68HInABYFJYqQxRw1EaKAjNdrFVKqjUY+UZurvNd2L/HuQe097s/4RivWiZyP6tT7aoT8atjfhwg==",
        {"dist/purify.min.js": "purify.js", "LICENSE": "purify-LICENSE.txt"},
    ),
)


def _unpack(package: Package, folder: Path) -> None:
    command = ["npm", "pack", "--json", f"{package.name}@{package.version}"]
    found = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout)[0]
    if found["integrity"] != package.sha512:
        raise SystemExit(f"{package.name}: integrity {found['integrity']}, expected {package.sha512}")
    with tarfile.open(folder / found["filename"]) as archive:
        for inner, ours in package.files.items():
            member = archive.extractfile(f"package/{inner}")
            if member is None:
                raise SystemExit(f"{package.name}: {inner} is missing")
            text = member.read().decode()
            # a map would be looked for beside the hashed file
            text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
            if ours.endswith(".js") and package.name not in text[:200].lower():
                text = f"/*! {package.name} {package.version}, licence beside this file */\n{text}"
            (TARGET / ours).write_text(text, encoding="utf-8")


def main() -> int:
    """Writes the files of all packages into the static folder; stops at an integrity that is not the pinned one."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            _unpack(package, Path(folder))
            print(f"{package.name} {package.version}: {', '.join(package.files.values())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
