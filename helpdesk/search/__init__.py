"""Finding requests by words: the index's rows, the query language, the results. Knows no page and no letter."""
