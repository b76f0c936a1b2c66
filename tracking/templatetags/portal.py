"""What every template of the staff portal says the same way."""

from typing import Any

from django import template
from django.urls import reverse

from tracking.renderers import tags

register = template.Library()
register.simple_tag(tags.standing)
register.simple_tag(tags.marked)


@register.simple_tag(takes_context=True)
def at(context: Any, name: str, *arguments: Any) -> str:
    """The address of that page, looked at from where this one looks."""
    viewpoint = context.get("viewpoint")
    address = reverse(name, args=arguments)
    return f"{address}?{viewpoint.query}" if viewpoint and viewpoint.query else address


@register.simple_tag(takes_context=True)
def other_parameters(context: Any, *names: str) -> list[tuple[str, str]]:
    """What else the address of this page asks for: a form sends it along."""
    asked = context["request"].GET
    return [
        (name, value) for name, values in asked.lists() if name not in names for value in values
    ]


@register.simple_tag(takes_context=True)
def with_parameter(context: Any, name: str, value: Any) -> str:
    """The address of this page with another value of that parameter."""
    asked = context["request"].GET.copy()
    asked[name] = value
    return f"?{asked.urlencode()}"
