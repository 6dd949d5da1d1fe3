"""What the law says, dated and cited. It knows no pupil. Numbers, dates and articles stand in ``data/`` only."""
