"""`make bench`: an own installation with the data set, the product as it runs in production, and the figures.

Environment: BENCH_TICKETS (20000), BENCH_ARTICLES_PER_TICKET (3), BENCH_SECONDS (4) a measurement.
"""

import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from tests.bench import load
from tests.e2e.installation import Installation, free_port

TICKETS = int(os.environ.get("BENCH_TICKETS", "20000"))
PER_TICKET = int(os.environ.get("BENCH_ARTICLES_PER_TICKET", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
LETTERS = 300
TURNS = 4


def tell(text):
    print(text, file=sys.stderr, flush=True)


def main():
    product = Installation("root" if os.geteuid() == 0 else "")
    url = f"http://127.0.0.1:{product.port}"
    try:
        tell("starting an installation")
        product.start(HELPDESK_URL=url)
        product.wait_until_ready(seconds=120)
        built = inside(product, "build", str(TICKETS), str(PER_TICKET))
        tell(built.stderr.strip())
        sessions = dict(line.split() for line in built.stdout.splitlines() if line)
        table = pages(product, sessions)
        table += [("create by the client's form", *measure_creation(product, sessions["client"]))]
        table += [("letters in, one process", *measure_letters(product))]
        table += measure_exports(product)
        print_table(table, product)
    finally:
        product.remove()


def inside(product, *arguments):
    """A part of the bench in a process of its own that joins the product's database."""
    environment = product.environment(PYTHONPATH=str(Path.cwd()), DJANGO_SETTINGS_MODULE="helpdesk.config.settings")
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.inside", *arguments], env=environment, capture_output=True, text=True,
        check=False, timeout=3600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done


@contextlib.contextmanager
def floor(product):
    """The server of the floor, beside the product; gives its port."""
    port = free_port()
    url = inside(product, "address").stdout.strip()
    environment = product.environment(PYTHONPATH=str(Path.cwd()), DATABASE_URL=url)
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2",
         "--blocking-threads", "4", "--log-level", "error", "tests.bench.floor:application"], env=environment,
    )  # fmt: skip
    try:
        _wait_for(
            server, port, seconds=60
        )  # on a busy machine it takes a while; what was built must not be lost for it
        load.run(port, "/", "", connections=4, seconds=1)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server, port, *, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit(f"the server of the floor did not begin within {seconds} s (exit code {server.poll()})")


def addresses(sessions):
    """(name, path or paths, cookie) of what is measured; the cookies are those of a browser that has been here before."""
    client, agent, small = (
        f"session={sessions[who]}; csrftoken={'a1B2c3D4' * 4}" for who in ("client", "agent", "small")
    )
    number, common, rare = sessions["number"], quote("начисления"), quote("канарейка")
    others = sessions["numbers"].split(",")  # each time another one: no page of it is kept
    return [
        ("client's list", "/portal/mine/", client),
        ("client's company list", "/portal/company/", client),
        ("client's ticket, 3 articles", f"/portal/tickets/{number}/", client),
        ("client's ticket, each time another", [f"/portal/tickets/{one}/" for one in others], client),
        ("client's search, common word", f"/portal/search/?q={common}", client),
        ("client's search, small company, rare word", f"/portal/search/?q={rare}", small),
        ("client's search by fit", f"/portal/search/?q={common}&sort=fit", client),
        ("agent's first page", "/desk/", agent),
        ("agent's list, 25 rows", "/desk/?view=open", agent),
        ("agent's ticket, 3 articles", f"/desk/tickets/{number}/", agent),
        ("agent's ticket, each time another", [f"/desk/tickets/{one}/" for one in others], agent),
        ("full text, newest 25 hits", f"/desk/search/?q={common}", agent),
        ("full text, rare word", f"/desk/search/?q={rare}", agent),
    ]


def pages(product, sessions):
    """A row for each page. Floor and page take turns, since a machine shared with others changes from second to second:
    the share is the median of the turns."""
    table = []
    with floor(product) as port:
        one = load.run(port, "/", "", connections=1, seconds=SECONDS / 2)
        floors = []
        for name, path, cookie in addresses(sessions):
            with contextlib.suppress(AssertionError):
                load.run(product.port, path, cookie, connections=8, seconds=1)
            turns = []
            for _ in range(TURNS):
                below = load.run(port, "/", "", connections=8, seconds=SECONDS / TURNS)["per_second"]
                eight = load.run(product.port, path, cookie, connections=8, seconds=SECONDS / TURNS)
                turns.append((below / eight["per_second"], eight["per_second"]))
                floors.append(below)
            alone = load.run(product.port, path, cookie, connections=1, seconds=SECONDS / 2)
            key = cookie.partition("=")[2].partition(";")[0]
            table.append(
                (name, f"{statistics.median(rate for _, rate in turns):.0f}",
                 f"{statistics.median(share for share, _ in turns):.1f}", f"{alone['median']:.1f}", f"{alone['p95']:.1f}",
                 inside(product, "statements", path if isinstance(path, str) else path[0], key).stdout.strip(),
                 str(alone["bytes"]))
            )  # fmt: skip
            tell(" · ".join(table[-1]))
    first = ("floor: one prepared statement", f"{statistics.median(floors):.0f}", "1.0", f"{one['median']:.1f}",
             f"{one['p95']:.1f}", "1", str(one["bytes"]))  # fmt: skip
    return [first, *table]


def measure_creation(product, session):
    out = inside(product, "create", session).stdout.split()
    return (out[0], "", out[1], out[2], out[3], "")


def measure_exports(product):
    """Seconds and growth of memory of all 20,000 requests as a file, in a process of its own."""
    found = []
    for kind in ("csv", "xlsx"):
        seconds, grown, rows, size = inside(product, "export", kind).stdout.split()
        found.append((f"export of {rows} rows, {kind}: {seconds} s, peak memory +{grown} MB", "", "", "", "", "", size))
    return found


def measure_letters(product):
    folder = product.home / "letters"
    folder.mkdir()
    for i in range(LETTERS):
        letter = EmailMessage()
        letter["From"], letter["To"] = f"client{i % 500}@example.com", "support@example.com"
        letter["Subject"], letter["Message-ID"] = f"Вопрос о начислениях {i}", f"<bench{i}@example.com>"
        letter.set_content("Здравствуйте! Почему в ноябре вырос перерасчёт по отоплению?\n" * 70)
        (folder / f"{i:05}.eml").write_bytes(letter.as_bytes())
    for path in [folder, *folder.iterdir()]:
        path.chmod(0o755)
    began = time.monotonic()
    done = product.run("mail", "receive", "--dir", str(folder), timeout=600)
    assert done.stdout.count("new_ticket") == LETTERS, done.stdout[:500] + done.stderr[-500:]
    return (f"{LETTERS / (time.monotonic() - began):.0f}", "", "", "", "", "")


def memory(product):
    """Resident megabytes (shared pages counted once) of all processes but PostgreSQL."""
    total = 0
    for pid, line in product.processes().items():
        if "postgres" in line:
            continue
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found.group(1)) if found else 0
    return total // 1024


def print_table(table, product):
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    print(f"\n{TICKETS} requests, {TICKETS * PER_TICKET} articles, commit {commit}\n")
    print(
        "| page | requests/s at 8 | floor / | median ms at 1 | p95 ms | SQL | bytes |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    for name, rate, share, median, p95, statements, size in table:
        print(f"| {name} | {rate} | {share} | {median} | {p95} | {statements} | {size} |")
    print(f"| memory of all processes but PostgreSQL, MB | {memory(product)} | | | | | |")


if __name__ == "__main__":
    main()
