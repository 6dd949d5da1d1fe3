"""Walks: what is open from a state, and a plan played from its start to its end."""
