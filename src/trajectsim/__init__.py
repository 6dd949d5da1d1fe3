"""trajectsim: a pupil's path through Dutch schools, under the law of each year."""

__version__ = "0.1.0"
