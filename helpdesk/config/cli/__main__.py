"""`python -m helpdesk.config.cli` is the program `helpdesk`."""

from helpdesk.config.cli import main

main()
