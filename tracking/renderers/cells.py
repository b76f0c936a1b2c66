"""What stands in the twelve cells of one task?"""

from collections.abc import Iterable, Mapping
from typing import Any

from tracking.renderers.parts import Line
from tracking.renderers.plain import plain
from tracking.renderers.words import counted, date_text, words_of

# Flags told in the status cell; the others belong to the notes.
STATUS_FLAGS = ("pending", "pending_late", "due_soon")
NOTE_FLAGS = ("reduced", "reopened", "stale", "no_information")

Task = Mapping[str, Any]


def sentence(parts: Iterable[str]) -> str:
    """Parts joined by semicolons, the first letter a capital."""
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


class TaskWriter:
    """Turns tasks into lines of one language; remembers the wordings that repeat."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.say = words_of(language)
        self._statuses: dict[tuple[Any, ...], str] = {}
        self._late: dict[tuple[int, int], str] = {}

    def line(self, task: Task, number: int, lead: str, reasons: frozenset[str]) -> Line:
        """The line of a task printed under the department named `lead`."""
        code, standing = task["code"], task["standing"]
        title = plain(task["title"][self.language])
        cells = (
            str(number),
            f"{code}. {title}",
            self.assigned_by(task),
            lead,
            self.names(task["coordinating"]) if task["coordinating"] else "",
            self.deadline(task),
            plain(task["product"][self.language]) if task["product"] else "",
            self.result(task) if task["report"] or task["submitted_at"] else "",
            self.status(task),
            sentence(self.waiting(task)) if task["waiting"] else "",
            self.request(task["extension_request"]) if task["extension_request"] else "",
            self.notes(task),
        )
        return Line(
            cells, standing, standing == "overdue", code in reasons, task["original_due_on"],
            task["due_on"], task["submitted_at"], code, task["late_calendar_days"],
            task["late_working_days"], title, task["required"],
        )  # fmt: skip

    def names(self, items: Iterable[Mapping[str, Any]]) -> str:
        return "; ".join(plain(item["name"][self.language]) for item in items)

    def assigned_by(self, task: Task) -> str:
        document = task["document"]
        if document is None:
            text = plain(task["plan"])
        elif document["issued_on"]:
            day = date_text(document["issued_on"], self.language)
            text = f"{plain(document['number'])} {self.say['of_day'].format(day=day)}"
        else:
            text = plain(document["number"])
        if task["clause"]:
            text += ", " + self.say["clause"].format(clause=plain(task["clause"]))
        return text

    def deadline(self, task: Task) -> str:
        """The current date in its reading, the order's own words if there is none."""
        due_on, original = task["due_on"], task["original_due_on"]
        if due_on is None:
            return plain(task["wording"]) or self.say["no_deadline"]
        text = f"{due_on[8:]}/{due_on[5:7]}/{due_on[:4]}"
        if task["reading"] == "before":
            text = self.say["before_day"].format(day=text)
        if original is not None and original != due_on:
            day = date_text(original, self.language)
            text += f" ({self.say['original_due'].format(due=day)})"
        return text

    def result(self, task: Task) -> str:
        parts = [self.report(task["report"])] if task["report"] else []
        if task["submitted_at"]:
            day = date_text(task["submitted_at"], self.language)
            parts.append(self.say["submitted_on"].format(day=day))
        return sentence(parts)

    def report(self, report: Mapping[str, Any]) -> str:
        """ "báo cáo ngày 12/11/2025 (đạt 60%): …"."""
        text = self.say["report_on"].format(day=date_text(report["on"], self.language))
        if report["percent"] is not None:
            text += f" ({self.say['percent_done'].format(percent=report['percent'])})"
        note = plain(report["note"]).rstrip(".")
        return f"{text}: {note}" if note else text

    def status(self, task: Task) -> str:
        """Standing in words, lateness, then what awaits or nears; wordings are remembered."""
        flags = task["flags"]
        late, working = task["late_calendar_days"], task["late_working_days"]
        key = (task["standing"], late, working, *flags)
        text = self._statuses.get(key)
        if text is None:
            parts = [self.late(late, working)] if late else []
            parts += [self.say[flag] for flag in STATUS_FLAGS if flag in flags]
            text = ": ".join(filter(None, (self.say[task["standing"]], "; ".join(parts))))
            self._statuses[key] = text
        return text

    def late(self, calendar_days: int, working_days: int) -> str:
        """ "chậm 8 ngày (6 ngày làm việc)"."""
        key = (calendar_days, working_days)
        if key not in self._late:
            self._late[key] = self.say["late"].format(
                days=counted(calendar_days, "day", self.language),
                working=counted(working_days, "working_day", self.language),
            )
        return self._late[key]

    def waiting(self, task: Task) -> list[str]:
        """One part per counterpart: who, since when, how many days, why."""
        parts = []
        for item in task["waiting"]:
            text = self.say["waits_for"].format(
                name=plain(item["name"][self.language]),
                day=date_text(item["since"], self.language),
                days=counted(item["days"], "day", self.language),
            )
            parts.append(f"{text}: {plain(item['reason'])}" if item["reason"] else text)
        return parts

    def request(self, request: Mapping[str, Any]) -> str:
        """The extension that was asked for and not yet answered."""
        asks = self.say["asks"]
        if request["due_on"]:
            day = date_text(request["due_on"], self.language)
            asks = self.say["asks_until"].format(day=day)
        day = date_text(request["on"], self.language)
        parts = [f"{asks} ({self.say['asked_on'].format(day=day)})"]
        if request["reason"]:
            parts.append(plain(request["reason"]))
        return sentence(parts)

    def notes(self, task: Task) -> str:
        flags = task["flags"]
        parts = self.history(task) if task["extensions"] or task["breaches"] or flags else []
        if not task["required"]:
            parts.append(self.say["optional"])
        if task["taken_over_from"]:
            name = plain(task["taken_over_from"]["name"][self.language])
            parts.append(self.say["taken_over"].format(name=name))
        if task["parent"]:
            parts.append(self.say["part_of"].format(code=plain(task["parent"])))
        return sentence(parts) if parts else ""

    def history(self, task: Task) -> list[str]:
        """Extensions, those granted too late, breaches, and what the flags tell."""
        parts = []
        if task["extensions"]:
            parts.append(self.times("extensions", task["extensions"]))
        for days in task["extended_late_days"]:
            key = "extended_late_one" if days == 1 else "extended_late"
            parts.append(self.say[key].format(days=days))
        if task["breaches"]:
            parts.append(self.times("breaches", task["breaches"]))
        parts += [self.say[flag] for flag in NOTE_FLAGS if flag in task["flags"]]
        return parts

    def times(self, key: str, number: int) -> str:
        return self.say[f"{key}_{'one' if number == 1 else 'many'}"].format(times=number)
