"""What must an import refuse? One more task for a plan file, whose ledger breaks one rule once."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
# (kind, payload, actor, on behalf of); one step a day unless the rule is about a single instant.
Step = tuple[str, Json, str | None, str | None]

LEAD, PARTNER, CODE = "QLD", "BCA", "T9"


def plain(kind: str, **payload: Any) -> Step:
    """A step by the import itself."""
    return kind, payload, None, None


def by(actor: str, kind: str, **payload: Any) -> Step:
    """A step by this actor."""
    return kind, payload, actor, None


def for_lead(kind: str, **payload: Any) -> Step:
    """A step by somebody else, on behalf of the lead department."""
    return kind, payload, "office", LEAD


DUE = plain("deadline_set", due_on="2025-12-10", reading="by", wording="chậm nhất ngày 10/12/2025")
GRANT: Json = {"due_on": "2025-12-20", "reason": "chờ ý kiến"}
START, SUBMIT, ACCEPT = plain("assigned"), plain("submitted", note="trình"), plain("accepted")
BACK, AGAIN = plain("returned", reason="thiếu"), plain("reopened", reason="lỗi", cause="verifier")
PAUSE, RESUME = plain("paused", reason="chờ"), plain("resumed")
BLOCK, FREE = plain("blocked", on=PARTNER, reason="chờ"), plain("unblocked", on=PARTNER)
STOP = plain("cancelled", reason="trùng")
DONE = [START, DUE, SUBMIT, ACCEPT]
ASK = by("clerk", "extension_requested", due_on="2025-12-20", reason="chậm")

RULES: dict[str, list[Step]] = {
    "assigned first": [DUE],
    "assigned once": [START, DUE, plain("assigned")],
    "one deadline": [
        START,
        DUE,
        plain("deadline_set", due_on="2025-12-12", wording="ngày 12/12/2025"),
    ],
    "submitted while pending": [START, DUE, SUBMIT, SUBMIT],
    "submitted when completed": [*DONE, SUBMIT],
    "submitted while paused": [START, DUE, PAUSE, SUBMIT],
    "accepted without a submission": [START, DUE, ACCEPT],
    "accepted after a return": [START, SUBMIT, BACK, ACCEPT],
    "accepted twice": [*DONE, ACCEPT],
    "returned without a submission": [START, BACK],
    "returned when completed": [*DONE, BACK],
    "reopened when open": [START, DUE, SUBMIT, AGAIN],
    "reopened twice": [*DONE, AGAIN, AGAIN],
    "paused twice": [START, PAUSE, PAUSE],
    "paused when completed": [*DONE, PAUSE],
    "resumed when open": [START, RESUME],
    "resumed twice": [START, PAUSE, RESUME, RESUME],
    "blocked twice": [START, BLOCK, BLOCK],
    "unblocked first": [START, FREE],
    "unblocked twice": [START, BLOCK, FREE, FREE],
    "cancelled when completed": [*DONE, STOP],
    "report after cancelled": [START, STOP, plain("progress_reported", percent=5, note="x")],
    "evidence after cancelled": [START, DUE, STOP, plain("evidence_recorded", note="x")],
    "grant after cancelled": [START, DUE, STOP, plain("extension_granted", **GRANT)],
    "cancelled twice": [START, STOP, STOP],
    "accepted by the submitter": [START, by("clerk", "submitted"), by("clerk", "accepted")],
    "accepted by the second submitter": [
        START,
        by("office", "submitted"),
        BACK,
        by("clerk", "submitted"),
        by("clerk", "accepted"),
    ],
    "returned by the submitter": [START, by("clerk", "submitted"), by("clerk", "returned")],
    "granted by the requester": [START, DUE, ASK, by("clerk", "extension_granted", **GRANT)],
    "refused by the requester": [START, DUE, ASK, by("clerk", "extension_refused", reason="x")],
    "accepted for the lead": [START, SUBMIT, for_lead("accepted", note="đạt")],
    "returned for the lead": [START, SUBMIT, for_lead("returned", reason="thiếu")],
    "granted for the lead": [START, DUE, for_lead("extension_granted", **GRANT)],
    "refused for the lead": [START, DUE, ASK, for_lead("extension_refused", reason="x")],
    "unknown kind": [START, plain("extended")],
    "unknown counterpart": [START, plain("blocked", on="NOBODY", reason="x")],
    "unknown new lead": [START, plain("reassigned", lead="NOBODY", reason="x")],
    "unknown office": [START, ("progress_reported", {"percent": 1}, None, "NOBODY")],
}
ROWS: dict[str, Json] = {
    "unknown lead": {"lead": "NOBODY"},
    "unknown plan": {"plan": "NOTHING"},
    "unknown coordinating department": {"coordinating": ["NOBODY"]},
    "unknown parent": {"parent": "NOTHING"},
    "unknown document": {"document": "NOTHING"},
    "a second task with the same code": {"code": "T1"},
}
AT_ONCE = "deadline listed before the assignment at the same instant"
NO_TASK = "unknown task"
BROKEN = (*RULES, *ROWS, AT_ONCE, NO_TASK)


def broken(plan_file: Json, rule: str) -> Json:
    """The plan file with one more task, or row, that breaks the rule."""
    row = {"code": CODE, "plan": plan_file["plans"][0]["code"], "lead": LEAD, "required": True}
    row |= {"title": {"vi": "Nhiệm vụ", "en": "Task"}, **ROWS.get(rule, {})}
    # Another lead would break a second rule: who may accept is judged by the lead.
    row["lead"] = next(
        (task["lead"] for task in plan_file["tasks"] if task["code"] == row["code"]), row["lead"]
    )
    steps = RULES.get(rule, [DUE, START] if rule == AT_ONCE else [])
    gap = 0 if rule == AT_ONCE else 1
    events = [event_row(step, 1 + place * gap) for place, step in enumerate(steps)]
    if rule == NO_TASK:
        events = [{**event_row(START, 1), "task": "T8"}]
    return {
        **plan_file,
        "tasks": [*plan_file["tasks"], row],
        "events": [*plan_file["events"], *events],
    }


def event_row(step: Step, day: int) -> Json:
    """A row of `events` on that day of December 2025."""
    kind, payload, actor, behalf = step
    row: Json = {"task": CODE, "kind": kind, "effective_at": f"2025-12-{day:02}T09:00:00+07:00"}
    row |= {"payload": payload} if payload else {}
    row |= {"actor": actor} if actor else {}
    return row | ({"on_behalf_of": behalf} if behalf else {})
