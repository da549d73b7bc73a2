/*
 * Lets a Node that was built for glibc run on musl's C library, so that the files for Alpine can be
 * tried where there is no Node for it. It has what Node and Debian's libstdc++ take from glibc, and
 * musl does not have. Nothing of it is part of what is published.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded = 0;
void* __libc_stack_end = NULL; /* V8 asks the thread instead */
struct {
  unsigned vendor, type, subtype, features;
} __cpu_model;

int __cpu_indicator_init(void) { return 0; }
unsigned long __getauxval(unsigned long type) { return getauxval(type); }
const char* gnu_get_libc_version(void) { return "0"; }

uint32_t arc4random(void) {
  uint32_t number = 0;
  getrandom(&number, sizeof number, 0);
  return number;
}

size_t __strftime_l(char* out, size_t size, const char* format, const struct tm* time,
                    void* locale) {
  (void)locale;
  return strftime(out, size, format, time);
}

int fcntl64(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  return fcntl(descriptor, command, argument);
}

int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void* dso) {
  (void)dso;
  return pthread_atfork(prepare, parent, child);
}

/* The process ends with its threads here: what they leave is not destroyed. */
int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object, void* dso) {
  (void)destroy, (void)object, (void)dso;
  return 0;
}

/* libgcc looks for its tables in another way then. */
int _dl_find_object(void* address, void* result) {
  (void)address, (void)result;
  return -1;
}

int backtrace(void** frames, int size) {
  (void)frames, (void)size;
  return 0;
}

char** backtrace_symbols(void* const* frames, int size) {
  (void)frames, (void)size;
  return NULL;
}

/* OpenSSL has coroutines, which Node does not use. */
int getcontext(void* context) {
  (void)context;
  return -1;
}

int setcontext(const void* context) {
  (void)context;
  return -1;
}

void makecontext(void* context, void (*function)(void), int count, ...) {
  (void)context, (void)function, (void)count;
}
