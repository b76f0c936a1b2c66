"""What operators fill in about databases and their probes."""
