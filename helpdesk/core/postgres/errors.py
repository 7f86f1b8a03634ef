"""What can go wrong with the embedded database, told to an operator."""


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be used. The text says what happened and what to do."""


class AlreadyRunning(PostgresError):
    """Another program holds the data folder."""
