"""One module a subcommand: `register(subparsers)` adds its parser, with `set_defaults(run=…)`."""
