"""`make soak`: runs the long forms one after another and says what it did and found.

--letters DIR reads a folder of real letters as well. SOAK_KILLS (12), SOAK_ROUNDS (200), SOAK_LETTERS (10000),
SOAK_TICKETS (200000) and SOAK_EXAMPLES (2000) set the sizes.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

KILLS = os.environ.get("SOAK_KILLS", "12")
ROUNDS = os.environ.get("SOAK_ROUNDS", "200")
LETTERS = os.environ.get("SOAK_LETTERS", "10000")
TICKETS = os.environ.get("SOAK_TICKETS", "200000")
EXAMPLES = os.environ.get("SOAK_EXAMPLES", "2000")


def parts(folder):
    """Name, command and environment of each long form."""
    pytest = [sys.executable, "-m", "pytest", "-p", "no:xdist"]
    if folder:
        yield "real letters", [*pytest, "tests/soak/letters.py", "-s"], {"LETTERS": folder}
    yield (
        f"properties, {EXAMPLES} examples each",
        [*pytest, "tests", "-m", "not e2e"],
        {"HYPOTHESIS_EXAMPLES": EXAMPLES},
    )
    races = [path for path in Path("tests").rglob("test_*.py") if "import rounds" in path.read_text(encoding="utf-8")]
    yield f"{ROUNDS} rounds of each race", [*pytest, *races], {"SOAK_ROUNDS": ROUNDS}
    killed = ["tests/e2e/test_kill.py", "tests/config/keeping/test_interrupted.py"]
    yield f"{KILLS} kills of each part", [*pytest, *killed], {"SOAK_KILLS": KILLS}
    yield f"{LETTERS} letters", [*pytest, "tests/soak/flood.py", "-s"], {"SOAK_LETTERS": LETTERS}
    yield f"{TICKETS} requests", [sys.executable, "-m", "tests.bench"], {"BENCH_TICKETS": TICKETS}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", default="", metavar="DIR")
    arguments = parser.parse_args()
    folder = str(Path(arguments.letters).resolve()) if arguments.letters else ""
    failed = []
    for name, command, environment in parts(folder):
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        code = subprocess.run(command, env=os.environ | environment, check=False).returncode
        print(
            f"== {name}: {'well' if code == 0 else f'FAILED ({code})'} after {time.monotonic() - began:.0f} s",
            flush=True,
        )
        failed += [name] if code else []
    print("\nAll well." if not failed else f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
