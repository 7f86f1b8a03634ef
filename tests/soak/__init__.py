"""The long form of the tests: many kills, many letters, large data, generated worlds."""
