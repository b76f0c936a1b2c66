"""What does one attempt say?"""

from dataclasses import dataclass

from databases.rules.track import Blame, Depth, Result


class Failed(Exception):
    """The other side did not do what was expected of it; `reason` is a word of reasons.py."""

    def __init__(self, reason: str, blame: Blame | None, depth: Depth, status: int | None = None):
        super().__init__(reason)
        self.reason, self.blame, self.depth, self.status = reason, blame, depth, status


class Unsaid(Exception):
    """Nothing is said of the other side, for a `reason` of reasons.py."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unseen(Unsaid):
    """We could not look."""


class Misconfigured(Unsaid):
    """What we were told to do cannot or must not be done."""


@dataclass(slots=True)
class Reading:
    """The result of an attempt. Phases in microseconds, None where not reached; `age` in seconds,
    of the newest data that the answer tells of; `days_left` of the certificate."""

    result: Result = Result.OK
    reason: str = ""
    blame: Blame | None = None
    depth: Depth = Depth.CONTENT
    waited: int = 0  # before it began, in our own queue
    names: int | None = None
    connect: int | None = None
    tls: int | None = None
    first_byte: int | None = None
    total: int = 0
    status: int | None = None
    days_left: int | None = None
    age: int | None = None

    def warn(self, reason: str) -> None:
        """It answered, but not as well as agreed; the first warning is kept."""
        if self.result is Result.OK:
            self.result, self.reason = Result.WARN, reason
