# What the MySQL drivers share: one MariaDB server behind a counting relay, started when it is first needed and stopped with the process.
# `PHASEGATE_MARIADB` names the folder below which the server is unpacked.
import atexit
import os

import servers

STATE = {}


def options():
    if not STATE:
        port, server = servers.mariadb(os.environ.get("PHASEGATE_MARIADB", "/"))
        atexit.register(server.kill)
        STATE.update(host=servers.HOST, port=port, user="root", password="")
    return dict(STATE)
