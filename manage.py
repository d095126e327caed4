#!/usr/bin/env python3
"""Command line of the portal: `manage.py help` lists the commands."""
import os
import sys

if sys.version_info < (3, 11):
    sys.exit("The portal needs Python 3.11 or newer; this is Python %d.%d.%d." % sys.version_info[:3])  # noqa: UP031 - read by old Pythons

from django.core.management import execute_from_command_line  # noqa: E402 - after the version check

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kmop.settings")
    execute_from_command_line(sys.argv)
