"""What pupils learn, on columns: growth, marks, advice and decisions, every number with its evidence passport."""
