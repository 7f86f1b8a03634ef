"""What every room stands on: clock, actor, errors, text, files, jobs, the embedded database. Knows nothing of tickets."""
