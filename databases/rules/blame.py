"""Whose fault does an outage look like, and why? Evidence for a person to sign, not a judgement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from databases.rules.track import Blame, Depth, Outcome, Result


class Because(StrEnum):
    PARENT = "parent"
    ATTEMPTS = "attempts"
    ALONE = "alone"
    TOGETHER = "together"
    TIED = "tied"
    NOTHING = "nothing"
    PERSON = "person"


# Vietnamese, English; filled with the counts and the reason of the attempts.
_SENTENCES: dict[Because, tuple[str, str]] = {
    Because.PARENT: (
        "điểm kết nối mà nó phụ thuộc không hoạt động",
        "the endpoint it depends on is down",
    ),
    Because.ATTEMPTS: (
        "{n}/{total} lần thử cho thấy như vậy ({reason})",
        "{n} of {total} attempts say so ({reason})",
    ),
    Because.ALONE: (
        "không kết nối được, trong khi {n} điểm lân cận cùng đường truyền vẫn trả lời",
        "it cannot be reached, while {n} neighbors on the same line answer",
    ),
    Because.TOGETHER: (
        "không kết nối được, cùng với cả {n} điểm lân cận trên cùng đường truyền",
        "it cannot be reached, and neither can any of its {n} neighbors on the same line",
    ),
    Because.TIED: ("các lần thử không thống nhất", "the attempts disagree"),
    Because.NOTHING: ("chưa có căn cứ", "there is no evidence either way"),
    Because.PERSON: ("{reason}", "{reason}"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`blame` None: it cannot be told. `n` and `total` count attempts or neighbors."""

    blame: Blame | None
    because: Because
    reason: str = ""
    n: int = 0
    total: int = 0

    def sentence(self) -> dict[str, str]:
        """Why, in both languages."""
        counts = {"n": self.n, "total": self.total, "reason": self.reason or "-"}
        vi, en = _SENTENCES[self.because]
        return {"vi": vi.format(**counts), "en": en.format(**counts)}


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The other endpoints behind the same carrier or gateway, at the time of the failures."""

    answering: int = 0
    failing: int = 0


def whose_fault(
    attempts: Sequence[Outcome], neighbors: Neighbors | None = None, *, by_parent: bool = False
) -> Verdict:
    """From the failed attempts that confirmed an outage; those that did not fail say nothing. An
    endpoint out of reach is judged by its neighbors, everything else by most of its attempts."""
    failed = [attempt for attempt in attempts if attempt.result is Result.FAIL]
    reason = _most_common([attempt.reason for attempt in failed])
    if by_parent:
        return Verdict(None, Because.PARENT, reason)
    if failed and neighbors and all(_out_of_reach(attempt) for attempt in failed):
        if neighbors.failing and not neighbors.answering:
            return Verdict(Blame.NETWORK, Because.TOGETHER, reason, neighbors.failing)
        if neighbors.answering and not neighbors.failing:
            return Verdict(Blame.THEIRS, Because.ALONE, reason, neighbors.answering)
    return _by_majority(failed)


def _out_of_reach(attempt: Outcome) -> bool:
    """No answer at all; a refused connection is an answer, and so blamed on who gave it."""
    return attempt.depth <= Depth.CONNECT and attempt.blame in {None, Blame.NETWORK}


def _by_majority(failed: Sequence[Outcome]) -> Verdict:
    votes = Counter(attempt.blame for attempt in failed if attempt.blame).most_common(2)
    if not votes:
        reason = _most_common([attempt.reason for attempt in failed])
        return Verdict(None, Because.NOTHING, reason, 0, len(failed))
    blame, n = votes[0]
    if len(votes) > 1 and votes[1][1] == n:
        return Verdict(None, Because.TIED, "", n, len(failed))
    reason = _most_common([attempt.reason for attempt in failed if attempt.blame is blame])
    return Verdict(blame, Because.ATTEMPTS, reason, n, len(failed))


def _most_common(reasons: Sequence[str]) -> str:
    """The latest of the most frequent ones, or nothing."""
    counted = Counter(reversed(reasons)).most_common(1)
    return counted[0][0] if counted else ""
