"""Keeping an installation: backup, restore, and the proof of a backup. Knows database and files as a whole, no rows.

A backup is a folder: `database.dump` (pg_dump), `files/` by content, `files.list`, and `manifest.json`, written last;
without a manifest there is no backup.
"""
