#include "frames.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "io.h"

void stream_use(struct stream *stream, int in, int out) {
  never_block(in);
  never_block(out);
  free(stream->body);
  stream->in = in;
  stream->out = out;
  stream->body = NULL;
  stream->head_got = stream->body_got = 0;
  stream->sent = 0;
}

static enum progress fill(int fd, unsigned char *bytes, size_t *got, size_t length) {
  while (*got < length) {
    ssize_t more = UNBROKEN(read(fd, bytes + *got, length - *got));
    if (more < 0 && errno == EAGAIN) {
      return NOT_YET;
    }
    if (more <= 0) {
      return CLOSED;
    }
    *got += (size_t)more;
  }
  return WHOLE;
}

enum progress stream_take(struct stream *stream, struct frame *frame) {
  const unsigned char *head = stream->head;
  enum progress progress = fill(stream->in, stream->head, &stream->head_got, HEAD);
  if (progress != WHOLE) {
    return progress;
  }
  uint32_t length =
      (uint32_t)head[1] << 24 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 8 | head[4];
  if (stream->body == NULL) {
    if (length > FRAME_IN_MOST) {
      fail("The host sent a frame of more than %d bytes.", FRAME_IN_MOST);
    }
    stream->body = allocate((size_t)length + 1);
  }
  progress = fill(stream->in, stream->body, &stream->body_got, length);
  if (progress == WHOLE) {
    *frame = (struct frame){(char)head[0], length, stream->body};
    stream->body = NULL;
    stream->head_got = stream->body_got = 0;
  }
  return progress;
}

unsigned char *stream_room(struct stream *stream) { return stream->frame + HEAD; }

void stream_put(struct stream *stream, char type, size_t length) {
  unsigned char head[HEAD] = {(unsigned char)type, 0, (unsigned char)(length >> 16),
                              (unsigned char)(length >> 8), (unsigned char)length};
  memcpy(stream->frame, head, HEAD);
  stream->length = HEAD + length;
  stream->sent = 0;
}

bool stream_pending(const struct stream *stream) { return stream->length > 0; }

enum progress stream_flush(struct stream *stream) {
  while (stream->sent < stream->length) {
    ssize_t written =
        UNBROKEN(write(stream->out, stream->frame + stream->sent, stream->length - stream->sent));
    if (written < 0) {
      return errno == EAGAIN ? NOT_YET : CLOSED;
    }
    stream->sent += (size_t)written;
  }
  stream->length = stream->sent = 0;
  return WHOLE;
}

void stream_finish(struct stream *stream) {
  while (stream_flush(stream) == NOT_YET) {
    struct pollfd writable = {stream->out, POLLOUT, 0};
    UNBROKEN(poll(&writable, 1, -1));
  }
}
