"""Does what is due of the upkeep whenever it is told an instant, and says what it did.

echo 2026-11-20T03:00:00+00:00 | python -m tests.databases.chaos_chores
"""

import os
import sys
from datetime import datetime

import django


def main() -> None:
    django.setup()
    from databases.actions.upkeep import do_chores

    for line in sys.stdin:
        sys.stdout.write(" ".join(do_chores(datetime.fromisoformat(line.strip()))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
