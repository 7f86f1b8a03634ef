"""What the desk does by itself: closing, reminders, clearing away. Acts through the tickets' verbs; sends nothing."""
