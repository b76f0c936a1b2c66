"""The settings, but for the ports of the stand-ins, which are one test's alone."""

import os

from config.settings import *  # noqa: F403

PARTNERS_PORT = int(os.environ["STAND_INS"])
