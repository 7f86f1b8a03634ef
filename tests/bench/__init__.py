"""`make bench`: how fast the product is, as figures that can be compared: data set, pages, floor, letters, memory."""
