"""What is there until the end of the run; ended in the reverse order."""

from contextlib import ExitStack

LASTING = ExitStack()
