"""Who may write in the ledger now? One writer at a time, so that no list is issued between an
entry's recorded instant and its commit."""

from django.db import connection, transaction

_PEN = 0x6C6564676572  # names the lock; spells "ledger"


def take_the_pen() -> None:
    """Wait for the ledger's lock and hold it until the transaction ends. On SQLite every writing
    transaction is alone already (transaction_mode IMMEDIATE)."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the pen is taken inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '30s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PEN])
