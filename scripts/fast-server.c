/* A server that does nothing but answer, to time clients against: every POST gets the same body.
 *
 *   cc -O2 -o fast-server scripts/fast-server.c
 *   fast-server PORT FILE [LATENCY_MS]     answers with the bytes of FILE, as application/json, each after LATENCY_MS
 *
 * HTTP/1.1 with keep-alive and content-length bodies, one request at a time on a connection (no pipelining). One thread.
 * SIGTERM and SIGINT print the number of answers and end it. Linux.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 1 << 20, MOST = 4096 };

struct connection {
  int descriptor;
  size_t got;          /* bytes of the request so far */
  size_t wanted;       /* its size, once its headers are there; else 0 */
  double due;          /* when the answer leaves; 0 when there is none to send */
  char *bytes;
};

static struct connection connections[MOST];
static char *answer;
static size_t answer_size;
static long answers;
static double latency;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void prepare(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  fseek(file, 0, SEEK_END);
  size_t size = ftell(file);
  rewind(file);
  answer = malloc(size + 256);
  answer_size = sprintf(answer,
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n", size);
  if (fread(answer + answer_size, 1, size, file) != size) fail(path);
  answer_size += size;
  fclose(file);
}

static void end(struct connection *it) {
  close(it->descriptor);
  free(it->bytes);
  memset(it, 0, sizeof *it);
  it->descriptor = -1;
}

static void reply(struct connection *it) {
  it->got = it->wanted = 0;
  it->due = 0;
  answers++;
  /* An answer is smaller than a socket's buffer: it goes at once or the client is gone. */
  if (send(it->descriptor, answer, answer_size, MSG_NOSIGNAL) != (ssize_t)answer_size) end(it);
}

/* The size of a whole request, 0 while its headers are not there. */
static size_t size_of(struct connection *it) {
  char *blank = memmem(it->bytes, it->got, "\r\n\r\n", 4);
  if (!blank) return 0;
  *blank = 0;
  char *length = strcasestr(it->bytes, "\r\ncontent-length:");
  *blank = '\r';
  return (blank + 4 - it->bytes) + (length ? strtoul(length + 17, 0, 10) : 0);
}

static void take(struct connection *it) {
  ssize_t count = recv(it->descriptor, it->bytes + it->got, ROOM - it->got, 0);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) return end(it);
  it->got += count;
  if (!it->wanted) it->wanted = size_of(it);
  if (it->wanted > ROOM) return end(it);
  if (!it->wanted || it->got < it->wanted) return;
  if (latency > 0) it->due = now() + latency; else reply(it);
}

static void accept_all(int listener, int poll) {
  int descriptor, on = 1;
  while ((descriptor = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    struct connection *it = connections;
    while (it < connections + MOST && it->descriptor >= 0) it++;
    if (it == connections + MOST) { close(descriptor); continue; }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *it = (struct connection){.descriptor = descriptor, .bytes = malloc(ROOM)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = it};
    epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
  }
}

int main(int count, char **words) {
  if (count < 3) { fprintf(stderr, "usage: fast-server PORT FILE [LATENCY_MS]\n"); return 64; }
  prepare(words[2]);
  latency = count > 3 ? atof(words[3]) / 1000 : 0;
  for (int i = 0; i < MOST; i++) connections[i].descriptor = -1;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 1024)) fail("listen");
  socklen_t size = sizeof address;
  getsockname(listener, (void *)&address, &size);
  printf("http://127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, 0);
  int ending = signalfd(-1, &signals, SFD_CLOEXEC), poll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listener}, events[256];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  event.data.ptr = &ending;
  epoll_ctl(poll, EPOLL_CTL_ADD, ending, &event);
  for (;;) {
    int ready = epoll_wait(poll, events, 256, latency > 0 ? 1 : -1);
    for (int i = 0; i < ready; i++) {
      void *what = events[i].data.ptr;
      if (what == &ending) { fprintf(stderr, "%ld answers\n", answers); return 0; }
      if (what == &listener) accept_all(listener, poll);
      else if (((struct connection *)what)->descriptor >= 0) take(what);
    }
    for (int i = 0; latency > 0 && i < MOST; i++)
      if (connections[i].due > 0 && connections[i].due <= now()) reply(&connections[i]);
  }
}
