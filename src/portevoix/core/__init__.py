"""The toolbox: time, refusals, events, work, the organisation in force, the only way out.

Knows no word of the trade and imports only `env`. Whoever adds a word of advocacy here is in the wrong room.
"""
