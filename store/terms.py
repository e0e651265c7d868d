"""The words of documents: tables, statuses, pre-configured groups (SPEC, Terms)."""

from typing import Any

# One entity as workspace.json holds it. Documents are replaced, never changed in place.
Document = dict[str, Any]

WORKSPACE_TABLE = "workspace"
USERS_TABLE = "users"
SERVICE_ACCOUNTS_TABLE = "service_accounts"
CREDENTIALS_TABLE = "credentials"
GROUPS_TABLE = "groups"
TABLES = (WORKSPACE_TABLE, USERS_TABLE, SERVICE_ACCOUNTS_TABLE, CREDENTIALS_TABLE, GROUPS_TABLE)

ACTIVE = "Active"
PENDING = "Pending"
# Shown as the status of whoever is suspended, though it is kept as a flag beside the status.
SUSPENDED = "Suspended"

# The pre-configured groups, by the mark that their documents carry.
USERS = "users"
ADMINS = "admins"
QUEUE_ADMINS = "queue admins"
PRESET_NAMES = {USERS: "Users", ADMINS: "Admins", QUEUE_ADMINS: "Queue admins"}
