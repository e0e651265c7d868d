"""The entities of a workspace (SPEC, Terms). A model is made when one is asked for."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from store.errors import StoreUnreadable
from store.terms import (
    ACCESS_RULES_TABLE,
    ADMINISTRATOR_VAULTS_TABLE,
    CREDENTIALS_TABLE,
    DELETED_VAULTS_TABLE,
    ENDED_LINKS_TABLE,
    GROUPS_TABLE,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS_TABLE,
    VAULTS_TABLE,
    WORKSPACE_TABLE,
    Document,
    LinkEnd,
    Permission,
    ResourceType,
)
from store.vaults.formats import Format


class Entity(BaseModel):
    """What every entity has: an id, and a revision that grows when what one edits is changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: ClassVar[str]

    id: str
    revision: int = 1

    @classmethod
    def of(cls, document: Document) -> Self:
        """The entity that a document describes.

        Raises:
            StoreUnreadable: The document lacks something or holds what it should not.
        """
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            problem = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(step) for step in problem["loc"])
            raise StoreUnreadable(
                f"The entry {document.get('id', '?')} in {cls.table} of workspace.json is damaged "
                f"at {place}: {problem['msg']}. Restore a copy of the store."
            ) from error

    def document(self) -> Document:
        """The entity as it is kept; what has its usual value is left out."""
        kept = self.model_dump(mode="json", exclude_defaults=True)
        return kept | {"id": self.id, "revision": self.revision}

    def changed(self, **values: Any) -> Self:
        """The entity with other values, one revision on."""
        return self.model_copy(update={**values, "revision": self.revision + 1})


class Invitation(BaseModel):
    """The link that lets a pending user in, once. Only the hash of its token is kept.

    Attributes:
        token_hash: The hash of its token.
        expires_at: When it ends.
        invited_by: The id of who sent it; "" where that was not kept yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_hash: str
    expires_at: str
    invited_by: str = ""


class EndedLink(Entity):
    """What is kept for a while of a link that has ended. Its id is the hash of its token."""

    table: ClassVar[str] = ENDED_LINKS_TABLE

    how: LinkEnd
    ended_at: str


class User(Entity):
    """A person."""

    table: ClassVar[str] = USERS_TABLE

    email: str
    status: Literal["Active", "Pending"]
    name: str = ""
    login_name: str = ""
    suspended: bool = False
    invited_at: str | None = None
    joined_at: str | None = None
    invitation: Invitation | None = None
    removed_at: str | None = None


class ServiceAccount(Entity):
    """A non-human user."""

    table: ClassVar[str] = SERVICE_ACCOUNTS_TABLE

    name: str
    allow_impersonation: bool = False
    suspended: bool = False
    removed_at: str | None = None


class Credential(Entity):
    """An access key and the hash of its secret key. Its id is the access key."""

    table: ClassVar[str] = CREDENTIALS_TABLE

    member: str
    secret_hash: str
    label: str
    created_at: str
    expires_at: str | None = None
    suspended: bool = False
    revoked_at: str | None = None
    revoked_by: str | None = None
    # While its rotation can be cancelled: what replaces it, and the expiry that it had before.
    replaced_by: str | None = None
    former_expires_at: str | None = None


class Group(Entity):
    """A user group. `preset` marks the pre-configured ones; `Users` has all, and lists none."""

    table: ClassVar[str] = GROUPS_TABLE

    name: str
    description: str = ""
    preset: str = ""
    members: list[str] = []


class VaultEntity(Entity):
    """What both kinds of vault have. The text itself lies in a file that is named by its hash.

    Attributes:
        format: The format of the text.
        text_hash: The hash of the text.
        text_number: The how-manieth text of the vault it is, from 1.
        size: The bytes of the text.
        lines: The lines of the text.
        enabled: Whether clients get it.
        updated_at: When its text was saved, or anything else of it was changed, last.
        updated_by: Who did that.
        history_from: The number of the first text that was not purged.
    """

    format: Format
    text_hash: str
    text_number: int = 1
    size: int
    lines: int
    enabled: bool
    updated_at: str
    updated_by: str
    history_from: int = 1


class Vault(VaultEntity):
    """The configuration vault of a member."""

    table: ClassVar[str] = VAULTS_TABLE

    member: str


class AdministratorVault(VaultEntity):
    """A vault for all members of its groups.

    Attributes:
        name: Its name.
        groups: The ids of its groups.
        order: The number by which vaults are folded, the lowest first. No two have the same.
        created_at: When it was added.
    """

    table: ClassVar[str] = ADMINISTRATOR_VAULTS_TABLE

    name: str
    groups: list[str]
    order: int
    created_at: str

    def placed(self, order: int) -> Self:
        """The vault with that order, of the same revision: nothing is changed that is edited."""
        return self.model_copy(update={"order": order})


class DeletedVault(Entity):
    """What is left of a vault that is gone, until its texts are erased."""

    table: ClassVar[str] = DELETED_VAULTS_TABLE

    deleted_at: str
    text_hash: str
    text_number: int
    history_from: int


class Resource(Entity):
    """An entry of the catalogue. Its id is the one that ClearML knows it by.

    Attributes:
        type: What it is.
        name: Its name.
        project: The project that it lies in, or None.
    """

    table: ClassVar[str] = RESOURCES_TABLE

    type: ResourceType
    name: str
    project: str | None = None


class AccessRule(Entity):
    """Who has which permission on one resource, or on all of a type.

    Attributes:
        type: What it is about.
        resource: The id of the resource; None for all of the type.
        permission: What it gives.
        members: The ids of the members that it names.
        groups: The ids of the groups that it names. With no member either, it is given to nobody.
        created_at: When it was added.
    """

    table: ClassVar[str] = ACCESS_RULES_TABLE

    type: ResourceType
    resource: str | None = None
    permission: Permission
    members: list[str] = []
    groups: list[str] = []
    created_at: str


class Settings(Entity):
    """The workspace itself: its name, limits and server URLs."""

    table: ClassVar[str] = WORKSPACE_TABLE

    name: str
    user_limit: int | None = None
    service_account_limit: int | None = None
    web_url: str
    api_url: str
    files_url: str
    # While nobody has confirmed the URLs that the first start filled in, dialogs say so.
    urls_prefilled: bool = False
