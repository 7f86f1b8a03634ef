"""What the product tells about itself: pages of help, shipped with it and rewritten by an administrator. They are no
secret: also those without access read them. Knows no requests and no pages of the fronts."""
