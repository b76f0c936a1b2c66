"""A part of a page that says nothing but what the ledger and the registers say is drawn once and
kept until they change."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from tracking.models.remembered import remembered

register = template.Library()


class Remembered(template.Node):
    def __init__(
        self,
        then: FilterExpression,
        name: FilterExpression,
        others: list[FilterExpression],
        nodelist: NodeList,
    ) -> None:
        self.then, self.name, self.others, self.nodelist = then, name, others, nodelist

    def render(self, context: Any) -> Any:
        other = [expression.resolve(context) for expression in self.others]
        key = ("drawn", self.name.resolve(context), get_language(), *other)
        drawn = remembered(
            self.then.resolve(context), key, lambda: str(self.nodelist.render(context))
        )
        # It was escaped when it was drawn.
        return mark_safe(drawn)


@register.tag("remembered")
def parse(parser: Any, token: Any) -> Remembered:
    """{% remembered then name other … %} … {% endremembered %}: `then` is what the part looks at;
    all else that it depends on, but for the language, is named after it."""
    _tag, then, name, *others = token.split_contents()
    nodelist = parser.parse(["endremembered"])
    parser.delete_first_token()
    return Remembered(
        parser.compile_filter(then),
        parser.compile_filter(name),
        [parser.compile_filter(other) for other in others],
        nodelist,
    )
