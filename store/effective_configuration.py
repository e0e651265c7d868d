"""What a member's clients end up with, and of which vault each value is (SPEC, Rules, Vaults)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.errors import InvalidInput
from store.operations.vault_texts import first_error
from store.vault_views import VaultLayer
from store.vaults.checking import CheckedText, check_vault_text
from store.vaults.merging import EffectiveValue, Layer, merged, merged_tree

# What the values of a file are said to come from.
BASE = "clearml.conf"


@dataclass(frozen=True)
class SkippedVault:
    """A vault that clients leave out, for its text cannot be read."""

    name: str
    reason: str


@dataclass(frozen=True)
class EffectiveConfiguration:
    """What clients end up with.

    Attributes:
        values: The values, flat and in order.
        tree: The same as one tree.
        skipped: The vaults that clients leave out.
    """

    values: tuple[EffectiveValue, ...]
    tree: dict[str, Any]
    skipped: tuple[SkippedVault, ...] = ()


def effective_configuration(
    layers: Sequence[VaultLayer], base_text: str | None
) -> EffectiveConfiguration:
    """Fold vaults over a file, or over nothing.

    Raises:
        InvalidInput: The file cannot be read; its field is `base_text`.
    """
    folded: list[Layer] = []
    skipped: list[SkippedVault] = []
    if base_text is not None:
        base = check_vault_text(base_text, "hocon")
        if not base.is_good:
            raise InvalidInput(f"{BASE} cannot be read. {first_error(base)}", field="base_text")
        folded.append(_layer(BASE, base))
    for layer in layers:
        checked = check_vault_text(layer.text, layer.format)
        if checked.is_good:
            folded.append(_layer(layer.name, checked))
        else:
            skipped.append(SkippedVault(layer.name, first_error(checked)))
    return EffectiveConfiguration(tuple(merged(folded)), merged_tree(folded), tuple(skipped))


def _layer(source: str, checked: CheckedText) -> Layer:
    return Layer(source, checked.tree or {}, checked.resolved_by_clients, checked.included)
