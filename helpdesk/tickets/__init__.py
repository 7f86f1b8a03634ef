"""The domain: requests, their articles, history, rights and the verbs that change them. Knows no page and no letter."""
