# Programs for the rows of redis: a played server that counts commands; a client connects with its first one.
# These rows sleep until a configuration wakes them.
import importlib.metadata

import redis
import servers

PACKAGE = "redis"
PORT = servers.listen(servers.redis)


def prepare():
    return {"redis": redis, "URL": f"redis://{servers.HOST}:{PORT}/0", "r": redis.Redis(host=servers.HOST, port=PORT)}


def version():
    return f"redis {importlib.metadata.version('redis')}"


PROGRAMS = {
    "redis.ConnectionPool": "redis.ConnectionPool()", "redis.Redis": "redis.Redis()", "redis.Redis.*": "r.delete('a')", "redis.Redis.from_url": "redis.Redis.from_url(URL)", "redis.Redis.get": "r.get('a')",
    "redis.Redis.ping": "r.ping()", "redis.Redis.set": "r.set('a', 1)",
}
