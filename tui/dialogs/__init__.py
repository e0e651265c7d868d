"""The dialogs, one module each. They know neither the store nor the app."""
