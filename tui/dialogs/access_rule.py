"""Adding and editing an access rule: one resource or all of a type, a permission, and to whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Button, Static

from store.errors import NotFound
from store.terms import PROJECT, READ_MODIFY, READ_ONLY, RESOURCE_TYPES, Permission, ResourceType
from store.views import GroupName
from tui.dialogs.choice import Choice
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.resource_words import NOBODY_MEANS, all_of, type_name
from tui.text import shortened
from tui.widgets.field import Field
from tui.widgets.group_search import GroupSearch
from tui.widgets.member_lines import NameOf
from tui.widgets.member_picker import MemberPicker, Search
from tui.widgets.one_picker import OnePicker
from tui.widgets.resource_picker import ResourcePicker, RowOf, SearchResources

if TYPE_CHECKING:
    from store.access_views import RuleRow
    from store.operations.access_rules import RuleDraft

# Saves the rule; False where the person thought better of it.
Save = Callable[["RuleDraft"], Awaitable[bool]]
# Adds a resource of that type and that name to the catalogue; its id, or None.
AddResource = Callable[[ResourceType, str], Awaitable[str | None]]

_PERMISSIONS: tuple[tuple[Permission, str], ...] = (
    (READ_ONLY, "Read Only"),
    (READ_MODIFY, "Read & Modify"),
)


class AccessRuleForm(Form[bool | None]):
    """Asks for a rule's values. Gives True when it was saved.

    Args:
        former: The rule that is edited, or None for a new one.
        groups: The groups to choose from.
        search_resources: Finds the ids of resources of a type.
        resource_row: What there is to say of a resource.
        search_members: Finds the ids of members.
        member_name: What a member is called.
        save: Saves what was chosen.
        add_resource: Adds a resource that is not in the catalogue.
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "rule_dialogs.tcss"]  # type: ignore[assignment]

    def __init__(
        self,
        former: RuleRow | None,
        groups: Sequence[GroupName],
        *,
        search_resources: SearchResources,
        resource_row: RowOf,
        search_members: Search,
        member_name: NameOf,
        save: Save,
        add_resource: AddResource,
    ) -> None:
        title = "Add an access rule"
        if former is not None:
            title = f"Edit the rule on {shortened(former.resource_name, 60)}"
        super().__init__(title)
        self._former = former
        self._groups = groups
        self._search_resources = search_resources
        self._resource_row = resource_row
        self._search_members = search_members
        self._member_name = member_name
        self._save = save
        self._add_resource = add_resource

    def compose_body(self) -> Iterable[Widget]:
        """The resource, the permission, and to whom it is given."""
        former = self._former
        present = former.type if former else PROJECT
        with Horizontal(classes="beside-type"):
            choices = [Choice(one, type_name(one)) for one in RESOURCE_TYPES]
            yield Field("type", "Type", OnePicker(choices, present=present))
            picker = ResourcePicker(
                self._search_resources,
                self._resource_row,
                present,
                chosen=former.resource if former else None,
                none_label=lambda resource_type: f"[{all_of(resource_type)}]",
                may_switch=True,
            )
            yield Field("resource", "Resource", picker)
        permissions = [Choice(value, words) for value, words in _PERMISSIONS]
        permission = former.permission if former else READ_MODIFY
        yield Field("permission", "Permission", OnePicker(permissions, present=permission))
        members = MemberPicker(self._search_members, self._member_name, self._given("member"))
        yield Field("members", "Users and service accounts", members)
        groups = GroupSearch(self._groups, self._given("group"))
        yield Field("groups", "Groups (Users is everybody)", groups)
        yield Static(f"Given to {NOBODY_MEANS}.", classes="rule-nobody")

    def _given(self, kind: str) -> list[str]:
        grantees = self._former.grantees if self._former else ()
        return [one.id for one in grantees if (one.kind == "group") == (kind == "group")]

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save…" if self._former else "Add…", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the type."""
        self._show_whether_nobody()
        self.query_one("#field-type OnePicker").focus()

    @on(OnePicker.Picked)
    def _type_picked(self) -> None:
        self.query_one(ResourcePicker).show_type(self._chosen_type)

    @on(MemberPicker.Picked)
    def _show_whether_nobody(self) -> None:
        is_given = any(picker.chosen for picker in self.query(MemberPicker))
        self.query_one(".rule-nobody").display = not is_given

    @property
    def _chosen_type(self) -> ResourceType:
        chosen = self.query_one("#field-type OnePicker", OnePicker).chosen
        return next(one for one in RESOURCE_TYPES if one == chosen)

    @property
    def _chosen_permission(self) -> Permission:
        chosen = self.query_one("#field-permission OnePicker", OnePicker).chosen
        return next(value for value, _words in _PERMISSIONS if value == chosen)

    @on(ResourcePicker.AddWanted)
    def _add_wanted(self, event: ResourcePicker.AddWanted) -> None:
        event.stop()
        self.run_worker(self._adding(event), group="add")

    async def _adding(self, event: ResourcePicker.AddWanted) -> None:
        added = await self._add_resource(event.resource_type, event.words)
        if added is not None:
            self._pick(added)

    @on(ResourcePicker.SwitchWanted)
    def _switch_wanted(self, event: ResourcePicker.SwitchWanted) -> None:
        event.stop()
        self._pick(event.resource)

    def _pick(self, key: str) -> None:
        """Pick a resource, and its type with it."""
        try:
            resource = self._resource_row(key)
        except NotFound as error:
            self.show_problem(error.message)
            return
        types = self.query_one("#field-type OnePicker", OnePicker)
        types.highlighted = RESOURCE_TYPES.index(resource.type)
        picker = self.query_one(ResourcePicker)
        picker.show_type(resource.type)
        picker.pick(key)

    async def save(self) -> bool | None:
        """Save what was chosen."""
        from store.operations.access_rules import RuleDraft

        members, groups = self.query_one("#field-members MemberPicker"), self.query_one(GroupSearch)
        assert isinstance(members, MemberPicker)
        draft = RuleDraft(
            self._chosen_type,
            self.query_one(ResourcePicker).chosen,
            self._chosen_permission,
            members.chosen,
            groups.chosen,
        )
        return True if await self._save(draft) else None
