"""Pages of our own beside those of a register."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

View = Callable[..., HttpResponseBase]


class PagesAdmin(admin.ModelAdmin):
    """Names every page `admin:<app>_<model>_<name>`; each asks for its own permission."""

    def route(self, pattern: str, view: View, name: str) -> URLPattern:
        return path(pattern, self.admin_site.admin_view(view), name=self._named(name))

    def address(self, name: str, *arguments: object) -> str:
        return reverse(f"{self.admin_site.name}:{self._named(name)}", args=arguments)

    def _named(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def page(
        self, request: HttpRequest, template: str, title: object, **context: Any
    ) -> TemplateResponse:
        """The page of that template, under the register's breadcrumbs."""
        common = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, template, {**common, **context})
