"""The clients' side: new requests, their lists, one request, search. Reads queries, calls verbs, decides nothing."""
