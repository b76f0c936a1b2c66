"""What does an import do, or what would it do?"""

from dataclasses import dataclass, field


@dataclass
class Changes:
    """A sentence per row added or changed, and how many events are new."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    events: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed or self.events)
