"""The tables that a person can arrange: those of the tabs, and the catalogue."""

from __future__ import annotations

from tui.tabs.table_tab import TableTab

# As the configuration names them.
TABLES = (
    "users",
    "service_accounts",
    "user_groups",
    "administrator_vaults",
    "access_rules",
    "resources",
)


def table_class(name: str) -> type[TableTab]:
    """What shows the table of that name; it is read only now.

    Raises:
        KeyError: There is no such table.
    """
    if name == "users":
        from tui.tabs.users_tab import UsersTab

        return UsersTab
    if name == "service_accounts":
        from tui.tabs.service_accounts_tab import ServiceAccountsTab

        return ServiceAccountsTab
    if name == "user_groups":
        from tui.tabs.user_groups_tab import UserGroupsTab

        return UserGroupsTab
    if name == "administrator_vaults":
        from tui.tabs.administrator_vaults_tab import AdministratorVaultsTab

        return AdministratorVaultsTab
    if name == "access_rules":
        from tui.tabs.access_rules_tab import AccessRulesTab

        return AccessRulesTab
    if name == "resources":
        from tui.tabs.resources_tab import ResourcesTab

        return ResourcesTab
    raise KeyError(name)
