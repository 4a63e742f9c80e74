"""What is installed: `requirements*.in` says what is used, `requirements*.txt` every version with its hashes.

python -m tools.pins            compile the pins (needs uv and the index)
python -m tools.pins --check    say what has drifted apart, from the files alone
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.places import BIN, ROOT, say

WITHOUT_PARTS = "requirements-whoosh3"  # installed beside, into a folder of its own
SETS = ("requirements", "requirements-dev", WITHOUT_PARTS)
_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(?:==\s*([^\s;\\]+))?")


@dataclass
class Pin:
    """One version of a package, who wants it and what its files look like."""

    name: str
    version: str
    hashes: int = 0
    wanted_by: set[str] = field(default_factory=set)


def main(arguments: list[str]) -> int:
    """Compile, or say what has drifted; the exit status."""
    if "--check" not in arguments:
        return compile_all()
    drifted = [line for name in SETS for line in drift(name)] + apart()
    for line in drifted:
        say(line)
    return 1 if drifted else 0


def compile_all() -> int:
    """Every set anew. No index is named in the files: each machine has its own."""
    uv = str(BIN / "uv") if (BIN / "uv").exists() else "uv"
    for name in SETS:
        command = [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--no-header", "--quiet"]
        command += [
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-strip-extras",
            f"{name}.in",
            "--output-file",
            f"{name}.txt",
        ]
        if name == WITHOUT_PARTS:
            command.append("--no-deps")
        if status := subprocess.run(command, cwd=ROOT).returncode:
            return status
    return 0


def drift(name: str) -> list[str]:
    """What the two files of a set say differently."""
    return [f"{name}.txt: {line}" for line in (*other_names(name), *other_versions(name), *loose(name))]


def other_names(name: str) -> Iterator[str]:
    """Packages that one of the two files has alone."""
    wanted = wanted_in(name).keys()
    kept = {pin.name for pin in pins_in(name) if f"-r {name}.in" in pin.wanted_by}
    yield from (f"{one} is in {name}.in and not pinned" for one in sorted(wanted - kept))
    yield from (f"{one} is pinned for {name}.in, which has it not" for one in sorted(kept - wanted))


def other_versions(name: str) -> Iterator[str]:
    """Pins of another version than the one that is demanded."""
    wanted = wanted_in(name)
    for pin in pins_in(name):
        if wanted.get(pin.name) not in (None, "", pin.version):
            yield f"{pin.name} is {pin.version}, {name}.in wants {wanted[pin.name]}"


def loose(name: str) -> Iterator[str]:
    """Pins without a hash, and pins that nothing wants any more."""
    pins = pins_in(name)
    sources = {pin.name for pin in pins} | {f"-r {name}.in"}
    for pin in pins:
        if not pin.hashes:
            yield f"{pin.name} has no hash"
        if not pin.wanted_by & sources:
            yield f"nothing wants {pin.name}"


def apart() -> list[str]:
    """Packages of the tests that have another version at run time."""
    served = {pin.name: pin.version for pin in pins_in("requirements")}
    return [
        f"requirements-dev.txt: {pin.name} is {pin.version}, in requirements.txt {served[pin.name]}"
        for pin in pins_in("requirements-dev")
        if served.get(pin.name, pin.version) != pin.version
    ]


def wanted_in(name: str) -> dict[str, str]:
    """The packages that a set asks for, with the version where one is demanded."""
    lines = (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines()
    found = [_NAME.match(line) for line in lines]
    return {plain(match[1]): match[2] or "" for match in found if match}


def pins_in(name: str) -> list[Pin]:
    """The pins of a set."""
    pins: list[Pin] = []
    for line in (ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if (match := _NAME.match(line)) and match[2]:
            pins.append(Pin(plain(match[1]), match[2]))
        elif "--hash=sha256:" in line:
            pins[-1].hashes += 1
        elif pins and line.lstrip().startswith("#"):
            source = line.lstrip(" #").removeprefix("via").strip()
            pins[-1].wanted_by |= {source if source.startswith("-") else plain(source)} if source else set()
    return pins


def plain(name: str) -> str:
    """A package's name in its one spelling."""
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
