/* The C interface between the addon of beast.io and addons that were compiled elsewhere: by another
 * compiler, with other flags, against another minor version. C99. No C++ type, no exception and no
 * allocation crosses it. C++ programs use beastio/native.hpp, which stands on it.
 *
 * `io.native` is a JavaScript object with the type tag below (napi_type_tag_object). It wraps a
 * `const beastio_native*`.
 *
 * Versions: BEASTIO_ABI_MAJOR stays the same in all of beast.io 4. With a minor version, structs
 * grow at their ends, and `size` tells how far one reaches: see BEASTIO_HAS.
 * Threads: who may call a function stands behind it in brackets.
 * - any: every thread
 * - js: the thread of the environment
 * - call: the thread of a handler that has got the `beastio_local`, within its call
 * - not io: every thread but the I/O threads of the host
 * Views and structs that are passed are valid during the call.
 * Results: a beastio_status, where nothing else is said. */
#ifndef BEASTIO_ABI_H
#define BEASTIO_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BEASTIO_ABI_MAJOR 1
#define BEASTIO_ABI_MINOR 0
/* The type tag of io.native: "beast.io", and "abi" with the major version. */
#define BEASTIO_TAG_LOWER 0x62656173742e696fULL
#define BEASTIO_TAG_UPPER (0x6162690000000000ULL | BEASTIO_ABI_MAJOR)
/* The type tag of handlers for `nsp.native.on(event, handlers)`, which wrap a beastio_handlers. */
#define BEASTIO_HANDLERS_TAG_LOWER 0x62656173742e696fULL
#define BEASTIO_HANDLERS_TAG_UPPER (0x68616e6400000000ULL | BEASTIO_ABI_MAJOR)

/* The values are those of beastio::socketio::Errc. */
typedef enum {
  BEASTIO_OK = 0,
  BEASTIO_GONE = 1,            /* the socket is not connected any more */
  BEASTIO_TIMEOUT = 2,         /* no acknowledgement came in time */
  BEASTIO_DISCONNECTED = 3,    /* the socket left before it acknowledged */
  BEASTIO_CLOSED = 4,          /* the host is closed */
  BEASTIO_RESERVED_EVENT = 5,  /* "connect", "disconnect" and their like */
  BEASTIO_BAD_ARGUMENTS = 6,   /* they are no JSON, or not what is asked for */
  BEASTIO_BAD_PACKET = 7,      /* a client has sent what is no packet */
  BEASTIO_TOO_MANY_ROOMS = 8,  /* of one socket */
  BEASTIO_TOO_MANY_ACKS = 9,   /* that one socket owes */
  BEASTIO_WOULD_BLOCK = 10,    /* to wait here would stop a thread of the host */
  BEASTIO_HANDLER_FAILED = 11, /* a handler has thrown */
  BEASTIO_HANDLER_SLOW = 12,   /* handlers have held their thread up */
  BEASTIO_UNKNOWN_NAMESPACE = 13,
  BEASTIO_TAKEN = 14,       /* the event has a handler already */
  BEASTIO_WRONG_THREAD = 15 /* not to be called here */
} beastio_status;

/* What is to become of an event. */
typedef enum {
  BEASTIO_DONE = 0,
  BEASTIO_PASS = 1,   /* JavaScript gets it too */
  BEASTIO_FAILED = 2, /* the handler has failed: `error` says how */
  BEASTIO_REFUSED = 3 /* its arguments are not what the handler takes */
} beastio_verdict;

/* Where a handler is called. */
typedef enum {
  BEASTIO_ON_THREAD = 0, /* on the socket's I/O thread: it must not block */
  BEASTIO_IN_POOL = 1,   /* on a thread of the host's pool, in order for each socket */
  BEASTIO_IN_INBOX = 2   /* on the thread that drains an inbox */
} beastio_place;

enum {
  BEASTIO_VOLATILE = 1,    /* not to who cannot take it at once */
  BEASTIO_NO_COMPRESS = 2, /* even where compression was negotiated */
  BEASTIO_LOCAL = 4,       /* not to other servers of a cluster */
  BEASTIO_CHECKED = 8 /* the array is valid JSON and begins with the name: it is not looked at */
};

typedef struct beastio_bytes {
  const char* data;
  size_t size;
} beastio_bytes;

/* A socket: a value, for any thread and for ever. Calls on one that has left do nothing. */
typedef struct beastio_socket {
  uint32_t place;
  uint32_t generation;
  uint32_t scope; /* the host and the namespace */
  uint32_t epoch; /* 0 names no socket */
} beastio_socket;

typedef struct beastio_host beastio_host;                 /* one io */
typedef struct beastio_batch beastio_batch;               /* of one thread at a time */
typedef struct beastio_inbox beastio_inbox;               /* of events for one thread */
typedef struct beastio_registration beastio_registration; /* of handlers */
typedef struct beastio_local beastio_local;               /* a socket on its own thread */
typedef struct beastio_next beastio_next;                 /* what lets one client in */

/* Takes what a function tells: once or several times, within its call. */
typedef void (*beastio_sink)(void* user, beastio_bytes bytes);

/* An event, or an answer. */
typedef struct beastio_event {
  uint32_t size;
  uint32_t attachment_count;
  beastio_socket socket;
  beastio_local* local;  /* null off the I/O thread */
  beastio_bytes name;    /* of the event; of an end: the reason */
  beastio_bytes payload; /* a JSON array, checked; of a connection: the auth object */
  size_t arguments_at;   /* where the arguments begin in it */
  const beastio_bytes* attachments;
  int64_t ack_id;    /* -1: no answer is wanted */
  beastio_sink fail; /* takes what went wrong: it is told to the 'error' listeners of io.native */
  void* fail_user;
  const struct beastio_api* api; /* for handlers that were made without a host */
} beastio_event;

/* What an addon brings; any function may be null. None may throw or longjmp, and none may block but
 * in the pool or an inbox. Where add_handlers has refused them, they stay the addon's: on_release
 * follows only an on_retain. */
typedef struct beastio_handlers {
  uint32_t size;
  uint32_t place; /* a beastio_place: of on_event */
  void* user;
  beastio_inbox* inbox; /* of BEASTIO_IN_INBOX */
  beastio_verdict (*on_event)(void* user, beastio_event* event);
  void (*on_connection)(void* user, beastio_event* event);
  void (*on_disconnecting)(void* user, beastio_event* event);
  void (*on_disconnect)(void* user, beastio_event* event);
  void (*on_release)(void* user); /* no call is under way or will come; the last of all */
  void (*on_retain)(void* user);  /* they are in use once more, until an on_release */
  /* A client asks to enter a namespace. `next` is owed one call of let_in or refuse, from any
   * thread. The payload is the auth object. JavaScript decides next, but where serve_namespace has
   * returned the namespace: there the socket has no id yet. */
  void (*on_entering)(void* user, beastio_event* event, beastio_next* next);
} beastio_handlers;

/* An event or an answer to be sent. */
typedef struct beastio_packet {
  uint32_t size;
  uint32_t flags;      /* BEASTIO_VOLATILE, ... */
  beastio_bytes name;  /* of the event; answers have none */
  beastio_bytes array; /* JSON: of an event with its name, `["move",1,2]`; of an answer `[1]` */
  const beastio_bytes* attachments;
  uint32_t attachment_count;
} beastio_packet;

/* Whom a broadcast means: all of the namespace, if it names no room. */
typedef struct beastio_audience {
  uint32_t size;
  uint32_t scope;
  uint32_t flags;
  uint32_t timeout_ms; /* of acknowledgements; 0: as the host has it */
  const beastio_bytes* rooms;
  const beastio_bytes* except_rooms;
  const beastio_socket* except_sockets;
  uint32_t room_count;
  uint32_t except_room_count;
  uint32_t except_socket_count;
} beastio_audience;

/* The end of a question: called once, whatever happens, on the socket's thread, or within `ask`.
 * `answer` is null where there is none. */
typedef void (*beastio_answered)(void* user, beastio_status status, const beastio_event* answer);
/* The same of a broadcast: `answers` are those that came. */
typedef void (*beastio_all_answered)(void* user, beastio_status status, size_t expected,
                                     const beastio_event* answers, size_t count);
/* A socket that was looked for; null: that was the last. */
typedef struct beastio_remote {
  uint32_t size;
  uint32_t room_count;
  beastio_socket socket;
  beastio_bytes id;
  const beastio_bytes* rooms;
} beastio_remote;
typedef void (*beastio_found)(void* user, const beastio_remote* remote);
typedef void (*beastio_task)(void* user);
/* `event` has the socket; null: it has left. */
typedef void (*beastio_socket_task)(void* user, beastio_event* event);

typedef void (*beastio_placeholder)(void* user, size_t begin, size_t end, size_t number);

typedef struct beastio_facts {
  uint32_t size;
  int32_t protocol; /* of Engine.IO: 3 or 4 */
  int32_t is_connected;
  beastio_bytes id;
  beastio_bytes nsp;
  beastio_bytes auth; /* JSON, what the client has given */
} beastio_facts;

typedef struct beastio_api {
  uint32_t size;
  uint16_t major;
  uint16_t minor;

  /* The host. `release` gives up what `retain` has taken. [any] */
  void (*retain)(beastio_host* host);
  void (*release)(beastio_host* host);
  uint32_t (*io_threads)(const beastio_host* host);
  /* The namespace of a name, which is made if need be. [js] */
  beastio_status (*namespace_of)(beastio_host* host, beastio_bytes name, uint32_t* scope);
  beastio_status (*namespace_name)(uint32_t scope, beastio_sink sink, void* user);
  size_t (*sockets_count)(uint32_t scope);

  /* Handlers. BEASTIO_TAKEN: the event has one. `event` empty: connections and ends, and who may
   * enter. [any] */
  beastio_status (*add_handlers)(uint32_t scope, beastio_bytes event,
                                 const beastio_handlers* handlers, beastio_registration** out);
  /* Returns behind on_release, unless that would be to wait for itself: on an I/O thread, or within
   * a handler of it. There on_release follows when nobody is in them any more. [any] */
  void (*remove_handlers)(beastio_registration* registration);

  /* Batches gather what one thread sends. Where `batch` is null below, it leaves at once, or with
   * the turn of the handler. `flush` waits while an I/O thread has 64 MiB unread. [any] */
  beastio_batch* (*batch_new)(beastio_host* host);
  void (*batch_free)(beastio_batch* batch);
  beastio_status (*batch_flush)(beastio_batch* batch);
  size_t (*batch_bytes)(const beastio_batch* batch);

  /* One socket. [any] */
  beastio_status (*emit)(beastio_batch* batch, beastio_socket socket, const beastio_packet* packet);
  void (*ask)(beastio_socket socket, const beastio_packet* packet, uint32_t timeout_ms,
              beastio_answered answered, void* user);
  beastio_status (*answer)(beastio_socket socket, int64_t ack_id, const beastio_packet* packet);
  beastio_status (*join)(beastio_socket socket, beastio_bytes room);
  beastio_status (*leave)(beastio_socket socket, beastio_bytes room);
  beastio_status (*disconnect)(beastio_socket socket, int close);
  /* Runs a task on the socket's thread. */
  void (*post)(beastio_socket socket, beastio_socket_task task, void* user);

  /* Many. [any] */
  beastio_status (*broadcast)(beastio_batch* batch, const beastio_audience* audience,
                              const beastio_packet* packet);
  void (*ask_all)(const beastio_audience* audience, const beastio_packet* packet,
                  beastio_all_answered answered, void* user);
  beastio_status (*sockets_join)(const beastio_audience* audience, beastio_bytes room);
  beastio_status (*sockets_leave)(const beastio_audience* audience, beastio_bytes room);
  beastio_status (*disconnect_sockets)(const beastio_audience* audience, int close);
  void (*fetch_sockets)(const beastio_audience* audience, beastio_found found, void* user);

  /* A socket on its own thread. [call] */
  void (*facts)(beastio_local* local, beastio_facts* facts);
  void (*rooms)(beastio_local* local, beastio_sink sink, void* user);
  int (*is_in)(beastio_local* local, beastio_bytes room);
  /* A place for a pointer of `owner`, an address in the addon; `destroy` frees what stands there
   * when the socket is gone. */
  void** (*data)(beastio_local* local, const void* owner, void (*destroy)(void*));
  /* The JSON that JavaScript has set by `socket.native.set`; empty: none. */
  beastio_status (*attribute)(beastio_local* local, beastio_bytes name, beastio_sink sink,
                              void* user);
  /* Sets it, for JavaScript as well. */
  beastio_status (*set_attribute)(beastio_local* local, beastio_bytes name, beastio_bytes json);

  /* Tasks on an I/O thread. `drop` instead of `task`: it will not run. [any] */
  beastio_status (*post_to)(beastio_host* host, uint32_t thread, beastio_task task,
                            beastio_task drop, void* user);
  /* After that time, or again and again; 0: it cannot be set. */
  uint64_t (*timer)(beastio_host* host, uint32_t thread, uint32_t ms, int repeats,
                    beastio_task task, beastio_task drop, void* user);
  void (*cancel)(beastio_host* host, uint64_t timer);
  /* Whether the caller is a thread of some host, and must not wait. */
  int (*is_server_thread)(void); /* NOLINT(modernize-redundant-void-arg): C wants it */

  /* Inboxes. Beyond `max_bytes` clients are not read until it has been drained. [any] */
  beastio_inbox* (*inbox_new)(size_t max_bytes);
  void (*inbox_free)(beastio_inbox* inbox);
  size_t (*inbox_drain)(beastio_inbox* inbox);
  int (*inbox_wait)(beastio_inbox* inbox, uint32_t ms);

  /* JSON. [any] */
  int (*json_is_valid)(beastio_bytes json);
  /* The next element of an array from `*at` on (0: the first); 0: there is none. */
  int (*json_next)(beastio_bytes array, size_t* at, beastio_bytes* element);
  /* The next member of an object; `key` with its quotes. */
  int (*json_next_member)(beastio_bytes object, size_t* at, beastio_bytes* key,
                          beastio_bytes* value);
  /* Each returns 0 if the JSON is of another kind. */
  int (*json_string)(beastio_bytes json, beastio_sink sink, void* user);
  int (*json_number)(beastio_bytes json, double* value);
  int (*json_signed)(beastio_bytes json, int64_t* value);
  int (*json_unsigned)(beastio_bytes json, uint64_t* value);
  void (*json_write_string)(beastio_bytes utf8, beastio_sink sink, void* user);
  void (*json_write_number)(double value, beastio_sink sink, void* user);
  /* Where the value ends that begins at `at`. */
  size_t (*json_skip)(beastio_bytes json, size_t at);
  /* Whether JSON stands for an attachment, and for which. */
  int (*json_placeholder)(beastio_bytes json, size_t* number);
  /* All places in JSON that stand for attachments, with what they begin and end at. */
  void (*json_placeholders)(beastio_bytes json, beastio_placeholder found, void* user);

  /* Tells the 'error' listeners of io.native that something of an addon has failed. [any] */
  void (*report)(beastio_host* host, beastio_bytes what);

  /* Namespaces whose clients are let in without JavaScript, which does not know them. The
   * namespace is made if need be. BEASTIO_TAKEN: JavaScript has it. [js] */
  beastio_status (*serve_namespace)(beastio_host* host, beastio_bytes name, uint32_t* scope);
  /* Each ends what it is called with. `data`: JSON for the client's error, empty: none. [any] */
  void (*let_in)(beastio_next* next);
  void (*refuse)(beastio_next* next, beastio_bytes message, beastio_bytes data);
} beastio_api;

typedef struct beastio_native {
  const beastio_api* api;
  beastio_host* host;
} beastio_native;

/* Whether the host has a function of a later minor version: BEASTIO_HAS(api, attribute). */
#define BEASTIO_HAS(api, member) \
  (offsetof(beastio_api, member) + sizeof((api)->member) <= (api)->size && (api)->member != NULL)

#ifdef __cplusplus
}
#endif
#endif
