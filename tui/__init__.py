"""The terminal program: app, tabs, dialogs and widgets."""
