/* What a supervisor costs at least: starts COUNT services on ports from FIRST, restarts what ends, and on SIGTERM ends
   them all. usage: supervisor PROGRAM FIRST COUNT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ending;
static void end(int signal) { (void)signal; ending = 1; }

static pid_t start(const char *program, int port) {
  pid_t pid = fork();
  if (pid == 0) {
    char text[16];
    snprintf(text, sizeof text, "%d", port);
    setenv("PORT", text, 1);
    setsid();
    execl(program, program, (char *)0);
    _exit(127);
  }
  return pid;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  int first = atoi(arguments[2]), services = atoi(arguments[3]), left = services;
  pid_t *pids = calloc(services, sizeof *pids);
  struct sigaction action = {.sa_handler = end};
  sigaction(SIGTERM, &action, 0);
  for (int i = 0; i < services; i++) pids[i] = start(arguments[1], first + i);
  while (!ending) {
    pid_t gone = wait(0);
    for (int i = 0; gone > 0 && !ending && i < services; i++)
      if (pids[i] == gone) pids[i] = start(arguments[1], first + i);
  }
  for (int i = 0; i < services; i++) kill(pids[i], SIGTERM);
  while (left > 0 && wait(0) > 0) left--;
  return 0;
}
