"""Measurements that the README quotes: scripts, not tests."""
