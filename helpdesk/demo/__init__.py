"""The demo world: people, queues and a year of requests, made through the real actions."""
