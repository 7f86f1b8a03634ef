"""How the rooms are put together: settings, addresses, the one program. Nothing imports from here."""
