"""The workbench in a terminal. ``viewmodel`` and ``yearview`` know no Textual, and a test reads them."""
