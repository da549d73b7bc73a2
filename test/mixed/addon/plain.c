/* The smallest addon in C: it counts the arguments of an event, and answers. */
#include <beastio/abi.h>
#include <node_api.h>
#include <stdio.h>
#include <string.h>

static const beastio_native* native;
static beastio_registration* registration;

static beastio_verdict on_event(void* user, beastio_event* event) {
  const beastio_api* api = native->api;
  beastio_bytes array = event->payload, element;
  beastio_packet packet;
  size_t at = event->arguments_at;
  char text[64];
  int count = 0;
  (void)user;
  while (api->json_next(array, &at, &element)) ++count;
  snprintf(text, sizeof(text), "[\"hello from C\",\"%.*s\",%d]", (int)event->name.size,
           event->name.data, count);
  memset(&packet, 0, sizeof(packet));
  packet.size = sizeof(packet);
  packet.name.data = "hello from C";
  packet.name.size = 12;
  packet.array.data = text;
  packet.array.size = strlen(text);
  api->emit(NULL, event->socket, &packet);
  return BEASTIO_DONE;
}

static napi_value text(napi_env env, const char* words) {
  napi_value value = NULL;
  napi_create_string_utf8(env, words, NAPI_AUTO_LENGTH, &value);
  return value;
}

static napi_value start(napi_env env, napi_callback_info info) {
  const napi_type_tag tag = {BEASTIO_TAG_LOWER, BEASTIO_TAG_UPPER};
  const beastio_bytes main_namespace = {"/", 1}, event = {"hello", 5};
  beastio_handlers handlers;
  napi_value argument = NULL;
  size_t count = 1;
  bool is_native = false;
  uint32_t scope = 0;
  void* data = NULL;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_check_object_type_tag(env, argument, &tag, &is_native);
  if (!is_native || napi_unwrap(env, argument, &data) != napi_ok) return text(env, "not io.native");
  native = (const beastio_native*)data;
  memset(&handlers, 0, sizeof(handlers));
  handlers.size = sizeof(handlers);
  handlers.place = BEASTIO_ON_THREAD;
  handlers.on_event = on_event;
  if (native->api->namespace_of(native->host, main_namespace, &scope) != BEASTIO_OK ||
      native->api->add_handlers(scope, event, &handlers, &registration) != BEASTIO_OK) {
    return text(env, "refused");
  }
  return text(env, "");
}

static napi_value stop(napi_env env, napi_callback_info info) {
  (void)info;
  native->api->remove_handlers(registration);
  return text(env, "");
}

NAPI_MODULE_INIT() {
  napi_value function = NULL;
  napi_create_function(env, "start", NAPI_AUTO_LENGTH, start, NULL, &function);
  napi_set_named_property(env, exports, "start", function);
  napi_create_function(env, "stop", NAPI_AUTO_LENGTH, stop, NULL, &function);
  napi_set_named_property(env, exports, "stop", function);
  return exports;
}
