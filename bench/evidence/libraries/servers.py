# Servers that count: what a driver sends is seen on the wire. PostgreSQL and MariaDB are real servers behind a relay; MongoDB, Redis and an
# unknown server are played as far as the programs need it. Every server listens on the loopback address and dies with the process.
import contextlib
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

from measure import SPY

HOST = "127.0.0.1"


def listen(serve):
    """A server of its own thread; `serve(connection)` runs in one more thread per client. Returns the port."""
    server = socket.create_server((HOST, 0))

    def accept():
        while True:
            client, _ = server.accept()
            threading.Thread(target=guarded, args=(serve, client), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()[1]


def guarded(serve, client):
    try:
        serve(client)
    except (OSError, EOFError):
        pass
    finally:
        client.close()


def exactly(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        # closing alone would leave the other side waiting: the thread that reads from the client still holds the socket
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        target.close()


def relay(server, forward):
    """A server that hands everything on to a real one; `forward(client, upstream)` reads what the client says."""

    def serve(client):
        SPY.connections += 1
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(server)
        threading.Thread(target=copy, args=(upstream, client), daemon=True).start()
        forward(client, upstream)

    return listen(serve)


# ---------------------------------------------------------------- PostgreSQL


def postgres_messages(client, upstream):
    """The start-up packet has no type byte; then `Q`, `P` (parse) and `E` (execute) are statements, `F` a call, `d` rows of COPY."""
    while True:
        (size,) = struct.unpack("!I", exactly(client, 4))
        body = exactly(client, size - 4)
        if body[:4] in (b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30"):
            client.sendall(b"N")  # neither TLS nor GSS
            continue
        upstream.sendall(struct.pack("!I", size) + body)
        break
    while True:
        kind = exactly(client, 1)
        (size,) = struct.unpack("!I", exactly(client, 4))
        body = exactly(client, size - 4)
        if kind in b"QPEFd":
            SPY.statements.append(kind.decode() + " " + body[:60].decode("utf8", "replace"))
        upstream.sendall(kind + struct.pack("!I", size) + body)


def postgres():
    """A cluster of its own in a scratch folder; None where PostgreSQL is not installed."""
    found = sorted(path for path in os.listdir("/usr/lib/postgresql")) if os.path.isdir("/usr/lib/postgresql") else []
    if not found:
        return None
    binaries = f"/usr/lib/postgresql/{found[-1]}/bin"
    folder = tempfile.mkdtemp(prefix="pg")
    as_user = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run([*as_user, f"{binaries}/initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "tester", "-N"], check=True, **quiet)
    server = subprocess.Popen([*as_user, f"{binaries}/postgres", "-D", f"{folder}/data", "-k", folder, "-c", "listen_addresses="], **quiet)
    wait_for(f"{folder}/.s.PGSQL.5432")
    time.sleep(1)
    return relay(f"{folder}/.s.PGSQL.5432", postgres_messages), server


def wait_for(path):
    for _ in range(200):
        if os.path.exists(path):
            return
        time.sleep(0.1)
    raise TimeoutError(path)


# ---------------------------------------------------------------- MariaDB

# COM_QUERY, COM_STMT_PREPARE, COM_STMT_EXECUTE, COM_PING, COM_INIT_DB
COMMANDS = {2, 3, 14, 22, 23}


def mysql_packets(client, upstream):
    """Packets of three bytes of length and one of sequence; a command starts a new sequence."""
    while True:
        head = exactly(client, 4)
        body = exactly(client, int.from_bytes(head[:3], "little"))
        if head[3] == 0 and body and body[0] in COMMANDS:
            SPY.statements.append(body[:60].decode("utf8", "replace"))
        upstream.sendall(head + body)


def mariadb(root="/"):
    """A server of its own in a scratch folder; None where MariaDB is not installed. `root`: where its files are below."""
    daemon = os.path.join(root, "usr/sbin/mariadbd")
    if not os.path.exists(daemon):
        return None
    folder = tempfile.mkdtemp(prefix="my")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    user = ["--user=root"] if os.getuid() == 0 else []
    base = ["--no-defaults", f"--basedir={os.path.join(root, 'usr')}", f"--datadir={folder}/data", *user]
    language = f"--lc-messages-dir={os.path.join(root, 'usr/share/mysql')}"
    os.mkdir(f"{folder}/data")
    tables = "create database mysql; use mysql;\n"
    subprocess.run([daemon, *base, language, "--bootstrap", "--skip-grant-tables"], input=tables.encode(), **quiet)
    server = subprocess.Popen([daemon, *base, language, "--skip-grant-tables", "--skip-networking", f"--socket={folder}/s"], **quiet)
    wait_for(f"{folder}/s")
    return relay(f"{folder}/s", mysql_packets), server


# ---------------------------------------------------------------- MongoDB

# what drivers ask by themselves: who are you, are you still there
HELLO = {"hello", "ismaster", "isMaster"}


def mongo(connection):
    """Answers every command of the wire protocol (OP_MSG, and OP_QUERY of the first greeting) with success and no documents."""
    import bson

    SPY.connections += 1
    while True:
        size, request, _, code = struct.unpack("<4i", exactly(connection, 16))
        body = exactly(connection, size - 16)
        if code == 2004:
            at = body.index(b"\0", 4) + 1 + 8
            command = bson.decode_all(body[at:])[0]
        elif code == 2013:
            length = struct.unpack("<i", body[5:9])[0]
            command = bson.decode_all(body[5 : 5 + length])[0]
        else:
            continue
        name = next(iter(command))
        if name not in HELLO:
            SPY.statements.append(name)
        if code == 2013 and struct.unpack("<I", body[:4])[0] & 2:
            continue  # no answer wanted
        answer = bson.encode(mongo_answer(name, command))
        if code == 2004:
            reply = struct.pack("<iqii", 8, 0, 0, 1) + answer
            connection.sendall(struct.pack("<4i", len(reply) + 16, 1, request, 1) + reply)
        else:
            reply = struct.pack("<IB", 0, 0) + answer
            connection.sendall(struct.pack("<4i", len(reply) + 16, 1, request, 2013) + reply)


def mongo_answer(name, command):
    base = {"ok": 1.0}
    if name in HELLO:
        return {
            **base, "ismaster": True, "isWritablePrimary": True, "maxBsonObjectSize": 16777216, "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000,
            "minWireVersion": 0, "maxWireVersion": 21, "readOnly": False, "logicalSessionTimeoutMinutes": 30, "msg": "isdbgrid",
        }
    cursor = {"id": 0, "ns": "db.things", "firstBatch": [{"_id": 1, "n": 1, "name": "a", "key": {"n": 1}, "v": 2}]}
    return {
        **base, "n": 1, "nModified": 1, "values": [], "cursor": cursor, "value": {"_id": 1}, "version": "7.0", "versionArray": [7, 0, 0, 0], "databases": [{"name": "db"}],
        "numIndexesBefore": 1, "numIndexesAfter": 1, "queryPlanner": {}, "valid": True, "result": "",
    }


# ---------------------------------------------------------------- Redis


def redis(connection):
    """Answers every command with OK; what a client says about itself is no command."""
    SPY.connections += 1
    stream = connection.makefile("rb")
    while line := stream.readline():
        parts = []
        for _ in range(int(line[1:])):
            size = int(stream.readline()[1:])
            parts.append(stream.read(size + 2)[:-2])
        name = parts[0].upper()
        if name not in (b"CLIENT", b"HELLO"):
            SPY.statements.append(name.decode())
        connection.sendall(b"+PONG\r\n" if name == b"PING" else b"+OK\r\n")


def silent(connection):
    """A server that says nothing: enough to see that a driver connects."""
    SPY.connections += 1
    time.sleep(0.2)


# ---------------------------------------------------------------- ClickHouse


def clickhouse(connection):
    """Greets as a server of the native protocol, and answers what comes then with the end of the stream."""
    SPY.connections += 1
    connection.recv(65536)
    name = b"rows"
    # packet 0, a name, version 1.1, and a revision of the protocol before everything that a greeting may also hold
    connection.sendall(bytes([0, len(name)]) + name + bytes([1, 1]) + bytes([0xF0, 0xA5, 0x03]))
    while connection.recv(65536):
        SPY.statements.append("query")
        connection.sendall(b"\x05")


def refusing(connection):
    """An HTTP server that counts requests and refuses them."""
    SPY.connections += 1
    while request := connection.recv(65536):
        SPY.statements.append(request[:40].decode("latin1"))
        connection.sendall(b"HTTP/1.1 500 no\r\nContent-Length: 2\r\n\r\nno")
