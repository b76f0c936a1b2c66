"""Composition: joins tracking and databases; knows no domain."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
