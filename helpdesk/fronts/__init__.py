"""What both fronts share and the look must not know: forms with files, the text of an article."""
