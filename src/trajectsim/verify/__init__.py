"""A draft reform put to the proof: what is proved of its tables, what was searched for in marks and walks."""
