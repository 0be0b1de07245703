#include "model.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine.h"
#include "fail.h"
#include "http.h"
#include "io.h"

enum { MODEL_GRACE_MILLISECONDS = 200 };

/* How a model ended whose answer was none: as if it had exited with 1. */
enum { FAILED = 1 << 8 };

struct ends {
  int read, write;
};

static struct ends new_pipe(void) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) < 0) {
    fail("The guest can't make a pipe: %s.", strerror(errno));
  }
  return (struct ends){fds[0], fds[1]};
}

static int telling = -1;

static void tell_parent(const char *sentence) {
  write_all(telling, sentence, strlen(sentence));
  _exit(125);
}

/* A process of its own. In it the result is 0, and failures are told to the guest. */
static pid_t split(int tell, const int streams[3]) {
  pid_t guest = getpid();
  pid_t child = fork();
  if (child < 0) {
    fail("The guest can't start a process: %s.", strerror(errno));
  }
  if (child == 0) {
    telling = tell;
    on_failure(tell_parent);
    for (int stream = 0; stream < 3; stream++) {
      if (dup2(streams[stream], stream) < 0) {
        fail("The model's streams can't be laid out: %s.", strerror(errno));
      }
    }
    die_with(guest);
  }
  return child;
}

_Noreturn static void execute(const struct config *config) {
  const char *program = config->arguments[0];
  int reason = ENOENT;
  if (strchr(program, '/') != NULL) {
    execve(program, config->arguments, config->environment);
    reason = errno;
  } else {
    const char *folders = model_variable(config, "PATH");
    for (const char *folder = folders; folder != NULL && *folder != '\0';) {
      size_t length = strcspn(folder, ":");
      char path[4096];
      if (length > 0 && (size_t)snprintf(path, sizeof path, "%.*s/%s", (int)length, folder,
                                         program) < sizeof path) {
        execve(path, config->arguments, config->environment);
        reason = errno == ENOENT || errno == ENOTDIR ? reason : errno;
      }
      folder += length + (folder[length] == ':');
    }
  }
  fail("The image's program %.256s can't be started: %s.", program, strerror(reason));
}

_Noreturn static void be_model(const struct config *config, const struct place *place) {
  pid_t guest = getppid();
  begin_afresh();
  if (config->processes > 0) {
    limit_to(RLIMIT_NPROC, config->processes);
  }
  place->enter();
  give_up_privileges(place->become_nobody);
  die_with(guest); /* forgotten when the user changed */
  if (chdir(config->folder) < 0) {
    fail("The image's working folder %.256s can't be entered: %s.", config->folder,
         strerror(errno));
  }
  execute(config);
}

_Noreturn static void be_translator(const struct config *config, const struct place *place) {
  begin_afresh();
  signal(SIGPIPE, SIG_IGN);
  give_up_privileges(place->become_nobody);
  die_with(getppid());
  close_from(STDERR_FILENO + 1);
  exit(translate(config));
}

struct model start_model(const struct config *config, const struct place *place) {
  struct ends in = new_pipe(), out = new_pipe(), err = new_pipe(), told = new_pipe();
  struct model model = {.in = in.write, .out = out.read, .err = err.read};
  bool http = config->protocol != JSON_LINES;
  struct ends nothing = http ? new_pipe() : in;
  int streams[3] = {nothing.read, http ? err.write : out.write, err.write};
  model.first = split(told.write, streams);
  if (model.first == 0) {
    be_model(config, place);
  }
  if (http) {
    close(nothing.read);
    close(nothing.write);
    int lines[3] = {in.read, out.write, STDERR_FILENO};
    model.translator = split(told.write, lines);
    if (model.translator == 0) {
      be_translator(config, place);
    }
  }
  close(in.read);
  close(out.write);
  close(err.write);
  close(told.write);
  char sentence[1024];
  size_t length = 0;
  for (ssize_t more = 1; more > 0 && length < sizeof sentence - 1; length += (size_t)more) {
    more = UNBROKEN(read(told.read, sentence + length, sizeof sentence - 1 - length));
    more = more < 0 ? 0 : more;
  }
  close(told.read);
  if (length > 0) {
    sentence[length] = '\0';
    fail("%s", sentence);
  }
  never_block(model.in);
  never_block(model.out);
  never_block(model.err);
  return model;
}

/* When the translator lost the model, the model's own end says more, if it comes now. */
static bool await_first(struct model *model) {
  for (int waited = 0; waited < MODEL_GRACE_MILLISECONDS; waited++) {
    if (UNBROKEN(waitpid(model->first, &model->status, WNOHANG)) == model->first) {
      return true;
    }
    sleep_milliseconds(1);
  }
  return false;
}

/* Whether that was the model's end. */
static bool take_end(struct model *model, pid_t pid, int status) {
  if (model->ended || (pid != model->first && pid != model->translator)) {
    return false;
  }
  model->ended = true;
  bool exited = WIFEXITED(status);
  if (pid == model->first) {
    model->status = status;
  } else if (!exited || WEXITSTATUS(status) != MODEL_HUNG_UP || !await_first(model)) {
    model->status = exited && WEXITSTATUS(status) == 0 ? 0 : FAILED;
  }
  return true;
}

static bool reap_of(struct model *model, pid_t which) {
  int status;
  pid_t pid;
  while ((pid = UNBROKEN(waitpid(which, &status, WNOHANG))) > 0) {
    if (take_end(model, pid, status)) {
      return true;
    }
  }
  return false;
}

bool reap(struct model *model, bool others) {
  return others ? reap_of(model, -1)
                : (model->translator > 0 && reap_of(model, model->translator)) ||
                      reap_of(model, model->first);
}
