"""Has anything changed since? A stamp of the registers and one of the ledger, which the database
itself writes anew with every change, whoever makes it: what was found under two stamps still holds
where both are the same. A change that is rolled back takes its stamp with it."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.guards import Statements

_TABLE = "tracking_stamp"


class Stamp(models.Model):
    """One row each; more where two writers were at work at once, since none waits for another."""

    class Of(models.TextChoices):
        REGISTERS = "registers", _("registers")
        LEDGER = "ledger", _("ledger")

    of = models.CharField(_("of"), max_length=10, choices=Of.choices)
    text = models.CharField(_("text"), max_length=36)

    class Meta:
        verbose_name = _("stamp")
        verbose_name_plural = _("stamps")

    def __str__(self) -> str:
        return f"{self.of} {self.text}"


def stamps_now() -> dict[str, str]:
    """Registers and ledger -> stamp; nothing for what was never stamped. One query."""
    found: dict[str, str] = {}
    for of, text in Stamp.objects.order_by("pk").values_list("of", "text"):
        found[of] = f"{found[of]} {text}" if of in found else text
    return found


_POSTGRESQL = f"""
CREATE FUNCTION {_TABLE}_anew() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE {_TABLE} SET text = gen_random_uuid()::text WHERE id = (
    SELECT id FROM {_TABLE} WHERE "of" = TG_ARGV[0] LIMIT 1 FOR UPDATE SKIP LOCKED);
  IF NOT FOUND THEN
    INSERT INTO {_TABLE} ("of", text) VALUES (TG_ARGV[0], gen_random_uuid()::text);
  END IF;
  RETURN NULL;
END $$
"""
_ANEW = "lower(hex(randomblob(16)))"


def stamped() -> dict[str, Statements]:
    """Statements per vendor that begin both stamps."""
    begun = [f"INSERT INTO {_TABLE} (\"of\", text) VALUES ('{of}', {{}})" for of in Stamp.Of.values]
    return {
        "sqlite": [statement.format(_ANEW) for statement in begun],
        "postgresql": [
            _POSTGRESQL,
            *(statement.format("gen_random_uuid()::text") for statement in begun),
        ],
    }


def stamps(of: str, table: str, columns: Sequence[str] = ()) -> dict[str, Statements]:
    """Statements per vendor: a change of the table stamps anew. `columns`: of an update, those
    that matter; all when none is named."""
    update = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    anew = f"BEGIN UPDATE {_TABLE} SET text = {_ANEW} WHERE \"of\" = '{of}'; END"
    return {
        "sqlite": [
            f"CREATE TRIGGER {table}_stamp_{change.lower()[:6]} AFTER {change} ON {table} {anew}"
            for change in ("INSERT", update, "DELETE")
        ],
        "postgresql": [
            (
                f"CREATE TRIGGER {table}_stamp AFTER INSERT OR DELETE OR {update} ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {_TABLE}_anew('{of}')"
            )
        ],
    }
