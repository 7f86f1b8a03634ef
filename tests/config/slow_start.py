"""An application that takes long to load, and says when it begins."""

import os
import sys
import time

os.write(sys.stderr.fileno(), b"loading\n")  # at once, whole: two processes write to one pipe
time.sleep(60)
