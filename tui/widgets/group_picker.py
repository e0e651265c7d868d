"""A list of groups, any number of which can be chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from store.views import GroupName
from tui.text import content


class GroupPicker(OptionList):
    """The groups that members can be put into, in the order given.

    Not Textual's SelectionList, whose chosen lines differ from the others in colour alone.

    Args:
        groups: The groups to choose from.
        chosen: The ids of those chosen to begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "select", "Choose", show=False, id="groups.choose")
    ]

    def __init__(self, groups: Sequence[GroupName], chosen: Collection[str] = ()) -> None:
        self._groups = groups
        self._chosen = set(chosen)
        super().__init__(
            *(Option(self._prompt(group), group.id) for group in groups), compact=True, markup=False
        )

    @property
    def chosen(self) -> list[str]:
        """The ids of the groups chosen, in the order of the list."""
        return [group.id for group in self._groups if group.id in self._chosen]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the group, or take it out again."""
        event.stop()
        group = self._groups[event.option_index]
        self._chosen ^= {group.id}
        self.replace_option_prompt_at_index(event.option_index, self._prompt(group))

    def _prompt(self, group: GroupName) -> Content:
        box = ("[x] ", "bold $accent") if group.id in self._chosen else ("[ ] ", "$text-muted")
        return Content.assemble(box, content(group.name))
