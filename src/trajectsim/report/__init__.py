"""Results for people and machines: pure sinks, no decisions."""
