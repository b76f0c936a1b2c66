"""The app that holds the project's own commands."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "config"
