"""The load: keep-alive connections on raw sockets, so that the client costs little beside the server."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence


async def _one(host: str, port: int, requests: Iterator[bytes], ends_at: float, times: list) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while time.perf_counter() < ends_at:
        began, request = time.perf_counter(), next(requests)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        assert status == 200, f"{status} for {request[:80]!r}"
        lower = head.lower()
        if b"content-length:" in lower:
            length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        else:
            length = 0
            while size := int((await reader.readline()).strip() or b"0", 16):
                await reader.readexactly(size + 2)
                length += size
            await reader.readline()
        times.append((time.perf_counter() - began, length))
    writer.close()


def run(port: int, paths: str | Sequence[str], cookie: str, *, connections: int, seconds: float) -> dict[str, float]:
    """Requests a second, median and 95th percentile in ms, bytes of an answer. Several paths are asked in turn."""
    each = [paths] if isinstance(paths, str) else paths
    around = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nAccept-Language: ru\r\n\r\n"
    requests = itertools.cycle([f"GET {path}{around}".encode() for path in each])
    times = []

    async def all_of_them():
        ends_at = time.perf_counter() + seconds
        await asyncio.gather(*(_one("127.0.0.1", port, requests, ends_at, times) for _ in range(connections)))

    asyncio.run(all_of_them())
    durations = sorted(t for t, _ in times)
    return {
        "per_second": len(times) / seconds,
        "median": statistics.median(durations) * 1000,
        "p95": durations[int(len(durations) * 0.95)] * 1000,
        "bytes": times[-1][1],
    }
