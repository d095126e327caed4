#!/usr/bin/env python3
"""Command line of the portal: `manage.py help` lists the commands."""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("The portal needs Python 3.11 or newer; this is Python {}.{}.{}.".format(*sys.version_info[:3]))

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kmop.settings")
    execute_from_command_line(sys.argv)
