"""Where does the body of an HTTP answer end? By its length, its chunks, or the connection."""

from collections.abc import Mapping

from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.rules.track import Blame, Depth

BODY_MOST = 262_144  # bytes that are kept; with chunks, bytes that are read
_LINE_MOST = 256  # bytes of the line that tells a chunk's size
_DIGITS_MOST = 15  # of a length that anybody could mean
_HEX = frozenset(b"0123456789abcdefABCDEF")


def no_http() -> Failed:
    return Failed("not_http", Blame.THEIRS, Depth.REQUEST)


async def body_of(line: Line, headers: Mapping[str, str], data: bytes) -> tuple[bytes, bool]:
    """What has come so far is `data`. The body, and whether it was longer than what is kept."""
    coding = headers.get("transfer-encoding", "").lower()
    if coding not in {"", "chunked", "identity"}:
        raise no_http()
    if coding == "chunked":
        return await _Chunks(line, data).read()
    told = headers.get("content-length")
    if told is None:
        return await _until_closed(line, data)
    if not told.isdecimal() or not told.isascii() or len(told) > _DIGITS_MOST:
        raise no_http()
    return await _so_long(line, data, int(told))


async def _so_long(line: Line, data: bytes, length: int) -> tuple[bytes, bool]:
    most = min(length, BODY_MOST)
    if len(data) >= most:
        return data[:most], length > most
    pieces, held = [data], len(data)
    while held < most:
        piece = await _more(line)
        pieces.append(piece)
        held += len(piece)
    return b"".join(pieces)[:most], length > most


async def _until_closed(line: Line, data: bytes) -> tuple[bytes, bool]:
    pieces, held = [data], len(data)
    while held <= BODY_MOST and (piece := await line.receive()):
        pieces.append(piece)
        held += len(piece)
    return b"".join(pieces)[:BODY_MOST], held > BODY_MOST


class _Chunks:
    """A body in chunks. What frames them counts too: a thousand chunks of one byte are cut where
    one of a thousand bytes is not."""

    def __init__(self, line: Line, data: bytes) -> None:
        self.line, self.data = line, bytearray(data)
        self.at = 0
        self.pieces: list[bytes] = []

    async def read(self) -> tuple[bytes, bool]:
        while True:
            size = _size(await self._line())
            if size == 0:
                # Trailers are of no use to us.
                return b"".join(self.pieces), False
            whole = await self._until(self.at + size + 2)
            end = min(self.at + size, BODY_MOST)
            self.pieces.append(bytes(self.data[self.at : end]))
            if not whole:
                return b"".join(self.pieces), True
            if self.data[self.at + size : self.at + size + 2] != b"\r\n":
                raise no_http()
            self.at += size + 2

    async def _until(self, end: int) -> bool:
        """Read so far; False when that is further than we go."""
        while len(self.data) < min(end, BODY_MOST):
            self.data += await _more(self.line)
        return end <= BODY_MOST

    async def _line(self) -> bytes:
        while (end := self.data.find(b"\r\n", self.at)) < 0:
            if len(self.data) - self.at > _LINE_MOST:
                raise no_http()
            self.data += await _more(self.line)
        found = bytes(self.data[self.at : end])
        self.at = end + 2
        return found


def _size(text: bytes) -> int:
    digits = text.partition(b";")[0].rstrip(b" \t")
    if not digits or len(digits) > _DIGITS_MOST or not _HEX.issuperset(digits):
        raise no_http()
    return int(digits, 16)


async def _more(line: Line) -> bytes:
    more = await line.receive()
    if not more:
        raise Failed("answer_cut_off", Blame.THEIRS, Depth.REQUEST)
    return more
