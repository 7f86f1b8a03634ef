"""What every room stands on: clock, actor, errors, text, files, jobs, embedded database. Knows nothing of tickets."""
