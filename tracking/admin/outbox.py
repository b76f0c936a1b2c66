"""Who was sent what: messages, what became of each for each recipient, and its course."""

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tracking.admin.outbox_pages import DeliveryPages, MessagePages
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.models import Delivery, DeliveryEntry, Message
from tracking.pages.outbox import fared
from tracking.permissions import may_resend
from tracking.rules.vietnamese import folded


class _Found(admin.ModelAdmin):
    """Every word of the question stands in one of the columns; accents may be left out in those of
    `search_texts`, whose distinct texts are few beside the rows."""

    search_texts: tuple[str, ...]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = folded(search_term).split()
        if not words:
            return queryset, False
        rows = self.model._default_manager.order_by()
        texts = {c: list(rows.values_list(c, flat=True).distinct()) for c in self.search_texts}
        return queryset.filter(reduce(and_, (self._of(word, texts) for word in words))), False

    def _of(self, word: str, texts: Mapping[str, list[str]]) -> Q:
        exact = (Q(**{f"{column}__icontains": word}) for column in self.search_fields)
        said = (
            Q(**{f"{column}__in": [text for text in known if word in folded(text)]})
            for column, known in texts.items()
        )
        return reduce(or_, (*exact, *said))


class _CountedMessages(ChangeList):
    """Each message of the page with its deliveries by state; one query a page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = fared(self.result_list)
        for message in self.result_list:
            message.fared = found.get(message.pk, [])


@admin.register(Message)
class MessageAdmin(_Found, MessagePages, ReadOnlyAdmin):
    list_display = ("subject", "kind", "written_at", "deliveries")
    list_filter = ("kind", "language")
    search_fields = ("key",)
    search_texts = ("subject",)
    search_help_text = _("Subject or occasion; accents may be left out.")
    date_hierarchy = "written_at"
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("text", "html")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _CountedMessages

    @admin.display(description=_("deliveries"))
    def deliveries(self, message: Any) -> SafeString:
        page = reverse("admin:tracking_delivery_changelist")
        links = (
            (f"{page}?message__id__exact={message.pk}&state__exact={one.state}",
             one.state.label, one.count)
            for one in message.fared
        )  # fmt: skip
        return format_html_join(", ", '<a href="{}">{}: {}</a>', links)


@admin.register(Delivery)
class DeliveryAdmin(_Found, DeliveryPages, ReadOnlyAdmin):
    list_display = ("recipient", "state_word", "subject", "tries", "answer", "sent_at")
    list_filter = ("state", "message__kind", "channel")
    list_select_related = ("message",)
    search_fields = ("address", "mail_id")
    search_texts = ("name",)
    search_help_text = _(
        "Name or address of the recipient, or Message-ID; accents may be left out."
    )
    date_hierarchy = "message__written_at"
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("resend_many",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("message__text", "message__html")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return may_resend(request.user)

    @admin.display(description=_("recipient"), ordering="address")
    def recipient(self, delivery: Delivery) -> str:
        return f"{delivery.name} <{delivery.address}>" if delivery.name else delivery.address

    @admin.display(description=_("message"), ordering="message__subject")
    def subject(self, delivery: Delivery) -> str:
        return delivery.message.subject

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, delivery: Delivery) -> str | SafeString:
        said = delivery.get_state_display()
        if delivery.state in (Delivery.State.FAILED, Delivery.State.UNCERTAIN):
            return format_html('<span class="tag">{}</span>', said)
        return said


@admin.register(DeliveryEntry)
class DeliveryEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "to", "said", "by")
    list_filter = ("kind",)
    list_select_related = ("delivery",)
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = ("at", "kind", "to", "said", "by")
    readonly_fields = ("to",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("delivery")

    @admin.display(description=_("delivery"))
    def to(self, entry: DeliveryEntry) -> SafeString:
        address = reverse("admin:tracking_delivery_change", args=[entry.delivery_id])
        return format_html('<a href="{}">{}</a>', address, entry.delivery)
