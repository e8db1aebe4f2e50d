#!/usr/bin/env python3
"""The short form of the fault test for `make check`; the long one is `make fault`."""
import sys

from fault import main

sys.exit(main(faults=20))
