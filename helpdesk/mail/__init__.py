"""Mail: reading letters, making requests of them, writing and sending answers."""
