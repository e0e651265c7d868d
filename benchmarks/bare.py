"""The least that Textual can do with a table of users: what the product is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable

COLUMNS = ("Name", "Status", "Last signed in", "Groups")
ROWS = (
    ("Ada Abara", "active", "2025-03-14", "research, robotics"),
    ("Bruno Castellanos", "active", "2025-03-13", "vision"),
    ("Chiara Donati", "invited", "2025-02-28", "annotation"),
    ("Dmitri Evstafiev", "active", "2025-03-11", "platform, on call"),
    ("Eun-ji Choi", "disabled", "2024-11-02", "speech"),
    ("Fatima Grosvenor", "active", "2025-03-12", "research, vision"),
    ("Goran Horvat", "active", "2025-01-30", "robotics"),
    ("Hanna Ingolfsdottir", "invited", "2025-03-01", "annotation, speech"),
    ("Ibrahim Juarez", "active", "2025-03-10", "platform"),
    ("Jelena Kowalczyk", "active", "2025-03-09", "research"),
)


class BareTable(App[None]):
    """A stock table of ten rows with a row cursor, and nothing else."""

    def compose(self) -> ComposeResult:
        """Fill the screen with the table."""
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        """Fill the table."""
        table = self.query_one(DataTable)
        table.add_columns(*COLUMNS)
        table.add_rows(ROWS)


if __name__ == "__main__":
    BareTable().run()
