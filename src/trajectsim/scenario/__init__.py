"""The TOML format: read and checked without the law, turned into a plan, run, and its expectations judged."""
