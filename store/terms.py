"""The words of documents: tables, statuses, pre-configured groups (SPEC, Terms)."""

from typing import Any, Literal, get_args

# One entity as workspace.json holds it. Documents are replaced, never changed in place.
Document = dict[str, Any]

WORKSPACE_TABLE = "workspace"
USERS_TABLE = "users"
SERVICE_ACCOUNTS_TABLE = "service_accounts"
CREDENTIALS_TABLE = "credentials"
GROUPS_TABLE = "groups"
VAULTS_TABLE = "vaults"
ADMINISTRATOR_VAULTS_TABLE = "administrator_vaults"
# Of each vault that is gone, until its texts go, too.
DELETED_VAULTS_TABLE = "deleted_vaults"
# Of each link that has ended, for a while, so that it can say why.
ENDED_LINKS_TABLE = "ended_links"
RESOURCES_TABLE = "resources"
ACCESS_RULES_TABLE = "access_rules"
TABLES = (
    WORKSPACE_TABLE,
    USERS_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    VAULTS_TABLE,
    ADMINISTRATOR_VAULTS_TABLE,
    DELETED_VAULTS_TABLE,
    ENDED_LINKS_TABLE,
    RESOURCES_TABLE,
    ACCESS_RULES_TABLE,
)

ACTIVE = "Active"
PENDING = "Pending"
# Shown as the status of whoever is suspended, though it is kept as a flag beside the status.
SUSPENDED = "Suspended"

# How the link of an invitation has ended: somebody has joined by it, or in another way; the
# invitation was withdrawn, or sent again.
LinkEnd = Literal["used", "joined", "withdrawn", "replaced"]

# The pre-configured groups, by the mark that their documents carry.
USERS = "users"
ADMINS = "admins"
QUEUE_ADMINS = "queue admins"
PRESET_NAMES = {USERS: "Users", ADMINS: "Admins", QUEUE_ADMINS: "Queue admins"}

# What a member's own vault is called where it stands beside administrator vaults.
OWN_VAULT = "Account specific vault"

# What a resource is, in the order in which they are shown.
ResourceType = Literal["project", "task", "model", "dataview", "dataset", "queue"]
RESOURCE_TYPES: tuple[ResourceType, ...] = get_args(ResourceType)
PROJECT: ResourceType = "project"
QUEUE: ResourceType = "queue"

# What an access rule gives.
Permission = Literal["Read Only", "Read & Modify"]
READ_ONLY: Permission = "Read Only"
READ_MODIFY: Permission = "Read & Modify"
