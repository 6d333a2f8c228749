// A server that answers every POST of the Messages API at once with the same message: what a client of synchronous calls is
// measured against. One thread, epoll, HTTP/1.1 with kept connections; it reads just enough of HTTP for that. Linux.
//
//   cc -O2 -o bench-server scripts/bench_server.c && ./bench-server    prints its port
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 1024, ROOM = 1 << 16 };

static struct {
  char *bytes;
  size_t count;
} clients[CLIENTS];

static const char message[] =
    "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-haiku-4-5\",\"content\":[{\"type\":"
    "\"text\",\"text\":\"{\\\"summary\\\":\\\"A passage about the sea and about ships, and of what is lost there.\\\"}\"}],"
    "\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":210,\"output_tokens\":21}}";
// What a listing of batches is answered with: a run that is told another address asks whether a sandbox is there.
static const char listing[] =
    "HTTP/1.1 200 OK\r\ncontent-length: 59\r\n\r\n{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}";
static char reply[2048];
static size_t reply_count;

// Answers every request that is there whole; 0 when the connection is over.
static int answer(int client) {
  char *start = clients[client].bytes;
  size_t left = clients[client].count;
  for (;;) {
    char *end = memmem(start, left, "\r\n\r\n", 4);
    if (!end) break;
    size_t head = (size_t)(end - start) + 4, body = 0;
    *end = 0;
    char *length = strcasestr(start, "\r\ncontent-length:");
    *end = '\r';
    if (length) body = strtoul(length + 17, NULL, 10);
    if (left < head + body) break;
    int is_get = !strncmp(start, "GET ", 4);
    size_t count = is_get ? sizeof listing - 1 : reply_count;
    if (send(client, is_get ? listing : reply, count, MSG_NOSIGNAL) != (ssize_t)count) return 0;
    start += head + body;
    left -= head + body;
  }
  memmove(clients[client].bytes, start, left);
  clients[client].count = left;
  return 1;
}

static int take(int client) {
  size_t count = clients[client].count;
  ssize_t got = recv(client, clients[client].bytes + count, ROOM - 1 - count, 0);
  if (got <= 0) return 0;
  clients[client].count += (size_t)got;
  clients[client].bytes[clients[client].count] = 0;
  return answer(client);
}

int main(void) {
  reply_count = (size_t)snprintf(
      reply, sizeof reply,
      "HTTP/1.1 200 OK\r\ndate: Fri, 20 Nov 2026 10:00:00 GMT\r\ncontent-type: application/json\r\nrequest-id: req_1\r\n"
      "anthropic-ratelimit-requests-limit: 1000000\r\nanthropic-ratelimit-requests-remaining: 999999\r\n"
      "anthropic-ratelimit-requests-reset: 2026-11-20T10:01:00Z\r\ncontent-length: %zu\r\n\r\n%s",
      sizeof message - 1, message);
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 256)) return 1;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int count = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < count; i++) {
      int descriptor = events[i].data.fd;
      if (descriptor == listener) {
        int client = accept(listener, NULL, NULL);
        if (client < 0) continue;
        if (client >= CLIENTS) {
          close(client);
          continue;
        }
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        clients[client].bytes = malloc(ROOM);
        clients[client].count = 0;
        event.data.fd = client;
        epoll_ctl(poll, EPOLL_CTL_ADD, client, &event);
      } else if (!take(descriptor)) {
        free(clients[descriptor].bytes);
        close(descriptor);
      }
    }
  }
}
