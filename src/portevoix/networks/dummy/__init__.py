"""Agora, a network that does not exist and does as it is told: for demos, tests and development.

This machine plays it (`demo.agora`), under an invented host; where it does not, there is no such network.
"""
