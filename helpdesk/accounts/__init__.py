"""People, their companies, roles and sign-in. Knows nothing of tickets."""
