"""`make pictures`: what the guide for clients shows, taken from the product itself."""
