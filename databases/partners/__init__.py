"""Stand-ins for the systems on the other side: illustrative, on this machine only.

Real sockets and real faults, so that probes can be seen at work where nothing else is reachable.
"""
