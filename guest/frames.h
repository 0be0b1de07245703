/* The stream to the host and its frames: type, length, bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEAD = 5, FRAME_OUT_MOST = 64 * 1024, FRAME_IN_MOST = 16 * 1024 * 1024 };

struct stream {
  int in, out;
  unsigned char head[HEAD]; /* of the frame that is coming in */
  unsigned char *body;      /* with one byte more than it needs */
  size_t head_got, body_got;
  unsigned char frame[HEAD + FRAME_OUT_MOST]; /* going out */
  size_t length, sent;
};

struct frame {
  char type;
  uint32_t length;
  unsigned char *bytes; /* the taker frees them; there is room for one more */
};

enum progress { NOT_YET, WHOLE, CLOSED };

/* Goes on over other descriptors: half of a frame in is forgotten, half of one out begins again. */
void stream_use(struct stream *stream, int in, int out);

/* Reads what has come. */
enum progress stream_take(struct stream *stream, struct frame *frame);

/* Where the bytes of the next frame go, while nothing is pending. */
unsigned char *stream_room(struct stream *stream);

/* Makes a frame of the first bytes of the room. */
void stream_put(struct stream *stream, char type, size_t length);

bool stream_pending(const struct stream *stream);

/* Writes what the host takes now. */
enum progress stream_flush(struct stream *stream);

/* Writes what is pending, however long the host takes. */
void stream_finish(struct stream *stream);
