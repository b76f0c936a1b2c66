"""How long does a progress list take, and how much memory, beside the plain query of the same
rows? Prints a table in Markdown.

    python -m benchmarks.progress_list [--large]

Peers, in the same run on the same PostgreSQL: `current`, one flat table of tasks with a partial
index, asked for the overdue ones; `full`, the same table fetched whole. They hold no history, so
they cannot answer for the past: they are the floor, not a rival.
"""

import subprocess
import sys

SIZES = [(10, 200), (100, 10_000), (1_000, 100_000)]


def main() -> None:
    sizes = SIZES if "--large" in sys.argv else SIZES[:2]
    for departments, tasks in sizes:
        print(f"\n### {departments} departments, {tasks:,} tasks, {5 * tasks:,} events\n")
        finished = subprocess.run(
            [sys.executable, "-m", "benchmarks.progress_list_one", str(departments), str(tasks)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        print(finished.stdout, end="", flush=True)


if __name__ == "__main__":
    main()
