"""A small load client: some connections that ask again and again, with what each answer took."""

import asyncio
import itertools
import time
from dataclasses import dataclass, field


@dataclass
class Result:
    """What the answers took, in seconds, and how many were not 200."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failures: int = 0
    size: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """The time that `share` of the answers stayed below, in milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def load(port: int, paths: list[str], *, connections: int, seconds: float, encoding: str = "") -> Result:
    """Ask for `paths` in turn over some connections for so many seconds."""
    return asyncio.run(_load(port, paths, connections, seconds, encoding))


async def _load(port: int, paths: list[str], connections: int, seconds: float, encoding: str) -> Result:
    result, turns = Result(), itertools.cycle(paths)
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(_ask(port, turns, until, encoding, result) for _ in range(connections)))
    result.seconds = time.perf_counter() - began
    return result


async def _ask(port: int, turns: "itertools.cycle[str]", until: float, encoding: str, result: Result) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"Host: 127.0.0.1:{port}\r\nAccept: text/html\r\n" + (
        f"Accept-Encoding: {encoding}\r\n" if encoding else ""
    )
    while (began := time.perf_counter()) < until:
        writer.write(f"GET {next(turns)} HTTP/1.1\r\n{head}\r\n".encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        body = await reader.readexactly(int(answer.split("content-length:")[1].split("\r\n")[0]))
        result.times.append(time.perf_counter() - began)
        result.failures += " 200 " not in answer[:16]
        result.size = len(body)
        if "connection: close" in answer:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
