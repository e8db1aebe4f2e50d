#!/usr/bin/env python3
"""The short form of the kill test for `make check`; the long one is `make kill`."""
import sys

from kill import main

sys.exit(main(kills=30))
