"""The running installation: web server, worker and database as one tree of processes, and what is done before."""
