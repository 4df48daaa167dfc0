"""Who is here: organisations, people, teams, audiences, roles, invitations, and the trail of who did what.

An *account* is a log-in; a *person* is that account within one organisation, so one log-in may belong to several.
Taking part is voluntary: a person joins, pauses and leaves in one tap, and nobody is notified.
"""
