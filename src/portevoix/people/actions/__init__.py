"""Everything that changes who is here, a module for each subject.

Each action is keyword-only, takes `now`, checks, writes, records the trail and publishes events in one transaction.
It acts in the organisation of the rows it is given, whichever organisation is in force.
"""
