"""The workbench in a terminal. ``viewmodel`` and ``yearview`` know no Textual, and a test reads them."""

import os

# How often a second Textual may draw. What a key changes may take it two or three rounds, each of which waits for the
# next of these: at the 60 of Textual up to 17 ms, of the 100 that a switch may take. Without a change none is drawn.
os.environ.setdefault("TEXTUAL_FPS", "250")
