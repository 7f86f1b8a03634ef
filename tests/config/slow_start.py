"""An application that takes long to load, and says when it begins."""

import sys
import time

print("loading", file=sys.stderr, flush=True)
time.sleep(60)
