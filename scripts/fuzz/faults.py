"""Put faults into the bytes of a file, as a careless editor or an attacker would."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

# fmt: off
SIGNS = (
    b"\x00", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\r", b"\t", b"\n\n", b"\x1b[2J", b"\\u0000", b"\\ud800", b"%zz",
    b"'", b'"', b'"""', b"{", b"}", b"[", b"<", b">", b"<<", b"&a *a", b"!!python/name:os.system", b"---", b"#", b":",
    b"-1", b"1e999", b"9" * 40, b"NaN", b"null", b"true", b"../../etc/passwd", b"http://[", b"SERVICE<a:>{}", b"^^<>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"Content-Length: 9\r\n", b"q=2", b"@",
)
# fmt: on
OPENING = (b"(", b"[", b"{", b"<< ", b'{"a":', b"!", b"- ", b"<a>", b"\t", b"OPTIONAL {", b"Accept: */*\r\n")
MOST = 3_000


def spoil(content: bytes, random: Random) -> bytes:
    """Return the content with one to four faults."""
    for _ in range(random.randint(1, 4)):
        content = random.choice(FAULTS)(content, random)
    return content


def _cut(content: bytes, random: Random) -> bytes:
    start, end = _range(content, random)
    return content[:start] + content[end:]


def _double(content: bytes, random: Random) -> bytes:
    start, end = _range(content, random)
    return content[:end] + content[start:end] * random.choice([1, 2, 50]) + content[end:]


def _truncate(content: bytes, random: Random) -> bytes:
    return content[: random.randint(0, len(content))]


def _insert(content: bytes, random: Random) -> bytes:
    place = random.randint(0, len(content))
    return content[:place] + random.choice(SIGNS) + content[place:]


def _nest(content: bytes, random: Random) -> bytes:
    place = random.randint(0, len(content))
    return content[:place] + random.choice(OPENING) * random.choice([10, 300, MOST]) + content[place:]


def _flip(content: bytes, random: Random) -> bytes:
    changed = bytearray(content or b"\0")
    changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _swap_lines(content: bytes, random: Random) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _range(content: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(content))
    return start, min(len(content), start + random.choice([1, 3, 20, 200]))


FAULTS: list[Callable[[bytes, Random], bytes]] = [_cut, _double, _truncate, _insert, _insert, _nest, _flip, _swap_lines]
