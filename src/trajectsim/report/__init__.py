"""Results as text, json and the line map: pure sinks, no decisions."""
