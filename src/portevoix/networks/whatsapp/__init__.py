"""WhatsApp, from one person to the people they choose."""
