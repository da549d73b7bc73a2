"""A client of Debian's python3-socketio: client.py URL TRANSPORTS. Prints what it has seen, as JSON."""

import json
import queue
import sys

import socketio

PATIENCE_S = 20
url, transports = sys.argv[1], sys.argv[2].split(",")
seen = []
events = queue.Queue()
client = socketio.Client(reconnection=False)


def readable(value):
    """Bytes as JSON has none of them."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, (list, tuple)):
        return [readable(each) for each in value]
    if isinstance(value, dict):
        return {key: readable(each) for key, each in value.items()}
    return value


def see(*words):
    seen.append(readable(words))


def next_event():
    return events.get(timeout=PATIENCE_S)


for name in ("echo", "bytes", "said", "number"):
    client.on(name, lambda *args, name=name: events.put((name, *args)))
client.on("question", lambda text: "answer to " + text)
client.on("connect", lambda: events.put(("in", "/watched")), namespace="/watched")

client.connect(url, transports=transports, namespaces=["/", "/watched"], wait_timeout=PATIENCE_S)
see("namespaces", sorted(client.namespaces))
see(*next_event())

client.emit("echo", ("text é", 1.5, None, {"deep": [True]}))
see(*next_event())
client.emit("echo", ({"file": b"\x00\xff", "list": [b""]}, "behind"))
see(*next_event())
client.emit("bytes", b"abc")
see(*next_event())
see("answer", client.call("echo", ("one", b"two"), timeout=PATIENCE_S))
see("asked", client.call("ask", ("why", 10_000), timeout=PATIENCE_S))

# By long-polling that client takes at most 16 packets at once.
client.emit("numbers", 10)
see("in order", [next_event()[1] for _ in range(10)] == list(range(10)))

see("rooms", len(client.call("join", "room", timeout=PATIENCE_S)))
client.emit("say", ({"from": "namespace", "to": ["room"]}, "to all of the room"))
see(*next_event())

left = queue.Queue()
client.on("disconnect", lambda: left.put("left"))
client.emit("leave me", True)
see(left.get(timeout=PATIENCE_S))
print(json.dumps(seen))
