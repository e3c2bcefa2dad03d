"""The workspace as tests run it: its own folder, a known secret, quick password hashes."""

import os
import tempfile

os.environ.setdefault("FORVENT_DATA", tempfile.mkdtemp(prefix="forvent-tests-"))
os.environ.setdefault("FORVENT_SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("FORVENT_ENCODER", "fast")

from forvent_server.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The live server of the browser tests asks for addresses of files that the workspace does not have.
STATIC_URL, MEDIA_URL = "/static-files/", "/media-files/"
