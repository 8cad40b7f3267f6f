# What the PostgreSQL drivers share: one server behind a counting relay, started when it is first needed and stopped with the process.
# Programs connect to `DSN`; a table `t` is there.
import atexit

import servers

STATE = {}


def dsn():
    if not STATE:
        port, server = servers.postgres()
        atexit.register(server.terminate)
        STATE["dsn"] = f"postgresql://tester@{servers.HOST}:{port}/postgres"
    return STATE["dsn"]
