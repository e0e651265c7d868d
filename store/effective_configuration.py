"""What a member's clients end up with, and of which vault each value is (SPEC, Rules, Vaults)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.errors import InvalidInput
from store.operations.vault_texts import first_error
from store.vault_views import VaultLayer
from store.vaults.checking import CheckedText, check_vault_texts
from store.vaults.formats import Format
from store.vaults.merging import EffectiveValue, Layer, merged, merged_tree

# What the values of a file are said to come from.
BASE = "clearml.conf"

_NEEDS_MORE = "It hangs on their environment, as the warnings in its text say."


@dataclass(frozen=True)
class SkippedVault:
    """A vault whose values are not told, or may not be those of each client.

    Attributes:
        name: What it is called.
        reason: Why, in a sentence.
        is_unknown: Whether clients may well read it, but here reading it was given up.
    """

    name: str
    reason: str
    is_unknown: bool = False


@dataclass(frozen=True)
class EffectiveConfiguration:
    """What clients end up with.

    Attributes:
        values: The values, flat and in order.
        tree: The same as one tree.
        skipped: The vaults that clients leave out, and those of which that is not known.
        doubtful: The vaults among the values that some clients leave out, by what they have around
            them.
    """

    values: tuple[EffectiveValue, ...]
    tree: dict[str, Any]
    skipped: tuple[SkippedVault, ...] = ()
    doubtful: tuple[SkippedVault, ...] = ()


def effective_configuration(
    layers: Sequence[VaultLayer], base_text: str | None
) -> EffectiveConfiguration:
    """Fold vaults over a file, or over nothing.

    Raises:
        InvalidInput: The file cannot be read; its field is `base_text`.
    """
    folded: list[Layer] = []
    skipped: list[SkippedVault] = []
    doubtful: list[SkippedVault] = []
    bases: list[tuple[str, Format]] = [] if base_text is None else [(base_text, "hocon")]
    found = check_vault_texts([*bases, *((layer.text, layer.format) for layer in layers)])
    for base in found[: len(bases)]:
        if not base.is_good:
            raise InvalidInput(f"{BASE} cannot be read. {first_error(base)}", field="base_text")
        folded.append(_layer(BASE, base))
    for layer, checked in zip(layers, found[len(bases) :], strict=True):
        if checked.is_good:
            folded.append(_layer(layer.name, checked))
            if checked.needs_more:
                doubtful.append(SkippedVault(layer.name, _NEEDS_MORE))
        else:
            skipped.append(SkippedVault(layer.name, first_error(checked), checked.is_unknown))
    return EffectiveConfiguration(
        tuple(merged(folded)), merged_tree(folded), tuple(skipped), tuple(doubtful)
    )


def _layer(source: str, checked: CheckedText) -> Layer:
    return Layer(source, checked.tree or {}, checked.resolved_by_clients, checked.included)
