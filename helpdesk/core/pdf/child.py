"""The process that makes one document: JSON on standard input, a PDF on standard output. Imports nothing of ours."""

import json
import resource
import sys
import tempfile

import typst


def main() -> None:
    """Make the document, with no more time and memory than it is given."""
    asked = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    with tempfile.TemporaryDirectory() as empty:  # the only folder that a template could read from
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[asked["fonts"]])
        compiler = typst.Compiler(
            asked["source"].encode(), root=empty, font_paths=fonts, sys_inputs={"data": asked["data"]},
            package_path=empty, package_cache_path=empty,
        )  # fmt: skip
        made = compiler.compile(format="pdf")
    if isinstance(made, bytes):
        sys.stdout.buffer.write(made)


try:
    main()
except (typst.TypstError, MemoryError) as error:
    sys.exit(f"{error}\n{getattr(error, 'diagnostic', '')}")
