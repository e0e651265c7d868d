"""The gallery in `screenshots/`: each tab, panel and dialog once, as README shows them.

`pytest tests/tui/test_looks.py --snapshot-update` makes them anew, together with the looks.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pytest_textual_snapshot import SVGImageExtension
from syrupy.data import SnapshotCollections

FOLDER = Path(__file__).parents[2] / "screenshots"
# Looks by their names, and what their pictures are called.
GALLERY = {
    "users/tab.120x40": "users",
    "users/tab-filtered.120x40": "filter",
    "users/details.120x40": "details",
    "users/invite-with-problems.120x40": "invite",
    "users/links.120x40": "links",
    "users/remove-many.120x40": "remove",
    "users/edit.120x40": "edit-user",
    "users/settings.120x40": "settings",
    "users/first-start.120x40": "first-start",
    "users/sort.120x40": "sort",
    "users/help.120x40": "help",
    "users/commands.120x40": "commands",
    "users/message.120x40": "message",
    "service-accounts/accounts.120x40": "service-accounts",
    "service-accounts/account.120x40": "service-account",
    "service-accounts/add.120x40": "add-service-account",
    "service-accounts/account-edit.120x40": "edit-service-account",
    "service-accounts/credentials-rotating.120x40": "credentials",
    "service-accounts/new-signed-in.120x40": "new-credentials",
    "service-accounts/save.120x40": "save-credentials",
    "service-accounts/credential-edit.120x40": "edit-credential",
    "service-accounts/rotate.120x40": "rotate",
    "service-accounts/refusals.120x40": "refused",
    "service-accounts/check-findings.120x40": "check",
    "access/groups.120x40": "groups",
    "access/group.120x40": "group",
    "access/group-picker.120x40": "edit-group",
    "access/group-delete.120x40": "delete-group",
    "access/regroup-moved.120x40": "regroup",
    "vaults/vaults.120x40": "vaults",
    "vaults/vault-text.120x40": "vault",
    "vaults/vault-edit.120x40": "edit-vault",
    "vaults/own.120x40": "account-vault",
    "vaults/editor-warning.120x40": "vault-editor",
    "vaults/editor-keys.120x40": "editor-keys",
    "vaults/editor-import.120x40": "editor-import",
    "vaults/editor-export.120x40": "editor-export",
    "vaults/editor-difference.120x40": "difference",
    "vaults/editor-conflict.120x40": "conflict",
    "vaults/history.120x40": "history",
    "vaults/effective.120x40": "effective",
    "vaults/effective-file.120x40": "effective-file",
    "vaults/effective-whole-value.120x40": "whole-value",
    "access/rules.120x40": "rules",
    "access/rule.120x40": "rule",
    "access/rule-add-picking.120x40": "edit-rule",
    "access/catalogue.120x40": "catalogue",
    "access/resource.120x40": "resource",
    "access/resource-edit.120x40": "edit-resource",
    "access/import-bad.120x40": "import-resources",
    "access/access-user.120x40": "effective-access",
    "access/who.120x40": "who",
    "users/tab.80x24": "narrow",
    "users/tab.light": "users-light",
}
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


class Screenshot(SVGImageExtension):  # type: ignore[misc]
    """A picture among README's. It fetches nothing from anywhere."""

    @classmethod
    def dirname(cls, **_where: object) -> str:
        """The folder of all pictures."""
        return str(FOLDER)

    @classmethod
    def get_snapshot_name(cls, *, index: object = 0, **_where: object) -> str:
        """What the test calls it."""
        return str(index)

    def serialize(self, *picture: Any, **how: Any) -> str:
        """The picture without the fonts that it names on another site."""
        return _FONTS.sub("", super().serialize(*picture, **how))

    def discover_snapshots(self, **_where: object) -> SnapshotCollections:
        """None: which pictures are not used is told by a test of their names, not of what ran."""
        return SnapshotCollections()
