"""Exit codes: what a command says to the one who started it, where only a number is heard."""

OK = 0
"""Asked and answered, also where the answer is a failed candidate or no route."""
FAILED = 1
"""An expectation failed, or a draft has a counter-example."""
UNUSABLE = 2
"""Usage, input that cannot be read, or nothing selected."""
INTERNAL = 3
"""An error of the program."""
INTERRUPTED = 130
"""Interrupted from the keyboard."""
