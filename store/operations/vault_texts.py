"""What saving a text has in common for both kinds of vault: the check, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from store.errors import InvalidInput, MachineBusy
from store.models import DeletedVault, VaultEntity
from store.persistence.store import Outcome
from store.persistence.vault_texts import SavedText, TextRecord, digest_of
from store.rules import Act
from store.state import Changes, Documents
from store.terms import DELETED_VAULTS_TABLE
from store.vaults.formats import Format

# The check is imported when a text is first checked.
if TYPE_CHECKING:
    from store.vaults.checking import CheckedText

V = TypeVar("V", bound=VaultEntity)


@dataclass(frozen=True)
class GoodText:
    """A text that was checked and found good.

    Attributes:
        text: The text.
        format: Its format.
        digest: Its hash.
        size: Its bytes.
        lines: Its lines.
        form: What clients get of it; None where that is the text, or is not known.
    """

    text: str
    format: Format
    digest: str
    size: int
    lines: int
    form: str | None = None

    @classmethod
    def of(cls, text: str, format: Format, form: str | None = None) -> GoodText:  # noqa: A002
        """A text that is known to be good."""
        content = text.encode()
        return cls(text, format, digest_of(content), len(content), _line_count(text), form)


def good_text(text: str, format: Format) -> GoodText:  # noqa: A002
    """Check a text before it is saved, and work out what clients get of it.

    Raises:
        InvalidInput: It is not good; the first error is told with its line and column.
        MachineBusy: It could not be read now.
        Stopped: Nobody waits for it any more.
    """
    from store.vaults.checking import check_vault_text
    from store.vaults.delivering import delivered

    checked = check_vault_text(text, format)
    if checked.is_unknown and checked.may_pass:
        raise MachineBusy(first_error(checked))
    if checked.tree is None:
        raise InvalidInput(first_error(checked), field="text")
    is_form = format != "hocon"
    return GoodText.of(text, format, delivered(text, format, checked.tree) if is_form else None)


def first_error(checked: CheckedText) -> str:
    """The first error of a text that is not good, with its line and column."""
    if checked.is_unknown:
        # It is about no place.
        return checked.errors[0].message
    first, more = checked.errors[0], len(checked.errors) - 1
    others = f" There {'is' if more == 1 else 'are'} {more:,} more." if more else ""
    return f"Line {first.line:,}, column {first.column:,}: {first.message}{others}"


def _line_count(text: str) -> int:
    # An end of line at the end begins no further one.
    return text.count("\n") + (text != "" and not text.endswith("\n"))


def with_text(
    vault: V, good: GoodText, act: Act, *, enabled: bool | None
) -> tuple[V, dict[str, Any]]:
    """A vault with another text, and what changed.

    Args:
        vault: The vault.
        good: Its text, checked.
        act: Who saves it, and when.
        enabled: Whether clients get it; None leaves that as it is.

    Returns:
        The vault, the very same where nothing changed, and what the activity says of it: sizes,
        never a text.
    """
    values: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    if good.digest != vault.text_hash:
        changed["text"] = [vault.size, good.size]
    if good.format != vault.format:
        changed["format"] = [vault.format, good.format]
    if changed:
        values = {
            "text_hash": good.digest,
            "text_number": vault.text_number + 1,
            "size": good.size,
            "lines": good.lines,
            "format": good.format,
        }
    if enabled is not None and enabled != vault.enabled:
        changed["enabled"] = [vault.enabled, enabled]
        values["enabled"] = enabled
    return (updated(vault, act, **values) if values else vault), changed


def updated(vault: V, act: Act, **values: Any) -> V:
    """The vault with other values, changed by this act."""
    return vault.changed(**values, updated_at=act.at, updated_by=act.actor)


def what_is_new(good: GoodText, *, enabled: bool) -> dict[str, Any]:
    """What the activity says of the first text of a vault."""
    return {"text": [0, good.size], "format": ["", good.format], "enabled": [False, enabled]}


def saved(vault: VaultEntity, good: GoodText) -> SavedText:
    """The text of a vault, as it is to be written."""
    record = TextRecord(
        number=vault.text_number,
        digest=good.digest,
        format=good.format,
        size=good.size,
        lines=good.lines,
        at=vault.updated_at,
        by=vault.updated_by,
    )
    return SavedText(vault.id, good.text, record, good.form)


def outcome_of_text(
    former: VaultEntity | None, vault: VaultEntity, good: GoodText, entry: dict[str, Any]
) -> Outcome[None]:
    """What saving a text comes to; no change where the vault is the former one."""
    if vault is former:
        # Its file may be the one that was lost.
        return Outcome(None, texts=(saved(vault, good),))
    changes = Changes({vault.table: {vault.id: vault.document()}})
    is_new_text = former is None or former.text_number != vault.text_number
    return Outcome(None, changes, entry, texts=(saved(vault, good),) if is_new_text else ())


def deletions(act: Act, table: str, vaults: Sequence[VaultEntity]) -> dict[str, Documents]:
    """The changes that delete these vaults of a table; their texts stay for a while."""
    if not vaults:
        return {}
    deleted = [
        DeletedVault(
            id=vault.id,
            deleted_at=act.at,
            text_hash=vault.text_hash,
            text_number=vault.text_number,
            history_from=vault.history_from,
        )
        for vault in vaults
    ]
    return {
        table: {vault.id: None for vault in vaults},
        DELETED_VAULTS_TABLE: {vault.id: vault.document() for vault in deleted},
    }
