"""Figures of a running installation for Prometheus at /metrics. Knows requests, jobs and letters as counts.

What happens in a web process is counted there and shared with its siblings through files; what lies in the database
is counted when it is asked for.
"""
