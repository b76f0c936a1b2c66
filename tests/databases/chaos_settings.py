"""The portal's own settings, but for how long things take."""

import os

from config.settings import *  # noqa: F403 - what the processes of the tests run on

PUMP_LEASE_SECONDS = 3  # longer than the time-outs of the fleets, and soon over
PUMP_JOB_SECONDS = int(os.environ.get("CHAOS_JOB_SECONDS", "6"))
