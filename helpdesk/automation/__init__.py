"""What the desk does by itself when its time has come: closing, reminders, clearing away. Calls verbs, knows no page."""
