"""Text of strangers made safe to store and show: pure functions that know no letters, requests or database."""
