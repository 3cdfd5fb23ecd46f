/* The smallest service there is: listens on 127.0.0.1:PORT and answers every connection with its pid.
   So that what is measured is the supervisor. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  const char *port = getenv("PORT");
  if (!port) return 2;
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) {
    perror("bind");
    return 1;
  }
  char pid[16];
  int length = snprintf(pid, sizeof pid, "%d\n", getpid());
  for (;;) {
    int caller = accept(listener, 0, 0);
    if (caller < 0) continue;
    if (write(caller, pid, length) < 0) perror("write");
    close(caller);
  }
}
