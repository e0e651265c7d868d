"""The format of workspace.json, and how older ones are brought up to it.

A change of the format adds one to FORMAT and a function under the former number to MIGRATIONS. It
is given the tables as they were read, by name and TinyDB's number, and returns the new ones. Stores
are migrated in memory when they are opened; the next commit writes them, after a copy of the file.
"""

from collections.abc import Callable, Mapping
from typing import Any

from store.errors import StoreUnreadable

Tables = dict[str, dict[str, dict[str, Any]]]

FORMAT = 2


def _with_ordered_vaults(tables: Tables) -> Tables:
    """Give administrator vaults the numbers that they are folded by: by age, as before."""
    vaults = tables.get("administrator_vaults")
    if not isinstance(vaults, dict):
        return tables
    # Of a damaged one, whoever reads it tells.
    whole = {number: vault for number, vault in vaults.items() if isinstance(vault, dict)}
    by_age = sorted(whole, key=lambda number: _age(whole[number]))
    ordered = {
        number: {**whole[number], "order": order} for order, number in enumerate(by_age, start=1)
    }
    return {
        **tables,
        "administrator_vaults": {
            number: ordered.get(number, vault) for number, vault in vaults.items()
        },
    }


def _age(vault: Mapping[str, Any]) -> tuple[str, str]:
    return str(vault.get("created_at")), str(vault.get("id"))


MIGRATIONS: Mapping[int, Callable[[Tables], Tables]] = {1: _with_ordered_vaults}


def migrate(
    tables: Tables,
    found: int,
    *,
    wanted: int = FORMAT,
    migrations: Mapping[int, Callable[[Tables], Tables]] = MIGRATIONS,
) -> Tables:
    """Bring tables of the format found up to the one wanted.

    Raises:
        StoreUnreadable: The format is newer than this program, or unknown.
    """
    if found > wanted:
        raise StoreUnreadable(
            f"It was written by a newer clearml-admin (format {found}; this one reads up to "
            f"{wanted}). Install that version. Nothing was changed."
        )
    for number in range(found, wanted):
        if number not in migrations:
            raise StoreUnreadable(
                f"Its format {number} is unknown to this clearml-admin. Nothing was changed."
            )
        tables = migrations[number](tables)
    return tables
