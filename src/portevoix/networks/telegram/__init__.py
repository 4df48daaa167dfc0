"""Telegram, to a chat or a channel of the person."""
