"""How many rows has a page of a table? The page says so, never the address."""

import django_tables2 as tables


class Paged(tables.Table):
    """A number in the address could ask for everything at once, or for less than one row."""

    prefixed_per_page_field = None  # which no address can hold
