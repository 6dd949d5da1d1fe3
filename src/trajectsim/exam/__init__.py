"""Exams judged from their marks: sheets, facts, verdicts, cum laude, resits, the marks still needed.

A sheet is a batch of one: every function here works on columns, one row of numbers for a subject and one column for a
candidate, all of the same layout.
"""
