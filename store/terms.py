"""The words of documents: tables, statuses, pre-configured groups (SPEC, Terms)."""

from typing import Any

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
TABLES = (
    WORKSPACE_TABLE,
    USERS_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    VAULTS_TABLE,
    ADMINISTRATOR_VAULTS_TABLE,
    DELETED_VAULTS_TABLE,
)

ACTIVE = "Active"
PENDING = "Pending"
# Shown as the status of whoever is suspended, though it is kept as a flag beside the status.
SUSPENDED = "Suspended"

# The pre-configured groups, by the mark that their documents carry.
USERS = "users"
ADMINS = "admins"
QUEUE_ADMINS = "queue admins"
PRESET_NAMES = {USERS: "Users", ADMINS: "Admins", QUEUE_ADMINS: "Queue admins"}

# What a member's own vault is called where it stands beside administrator vaults.
OWN_VAULT = "Account specific vault"
