#!/usr/bin/env python3
"""The short form of the newsletter's kill test for `make check`; the long one is `make newsletter-kill`."""
import sys

from newsletter_kill import main

sys.exit(main(kills=16, readers=240))
