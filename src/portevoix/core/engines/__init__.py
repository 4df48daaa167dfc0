"""Engines: what finds due rows and has them worked on. Two of them run the same functions over the same rows.

*embedded* looks for due rows itself, with a few threads in one process; the default, on SQLite and on PostgreSQL.
*procrastinating* hands rows to Procrastinate on PostgreSQL: many machines, each row announced in its own transaction.
"""
