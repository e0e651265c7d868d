"""How a workspace is kept in a folder (ARCHITECTURE, The store is a folder)."""
