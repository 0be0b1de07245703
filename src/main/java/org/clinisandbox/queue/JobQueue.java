package org.clinisandbox.queue;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.Consumer;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One Redis stream with one consumer group, and one channel for ends, carrying job ids and nothing
 * else. Delivery by the stream is at least once; an id may come twice, or be lost with Redis, and
 * both are harmless: the database decides.
 */
public final class JobQueue implements AutoCloseable {
  private static final String STREAM = "clinisandbox:jobs";
  private static final String GROUP = "workers";
  private static final String FIELD = "job";
  private static final String ENDS = "clinisandbox:ends";
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

  /** A hint this long with a consumer that did not acknowledge it belongs to a dead one. */
  private static final Duration ABANDONED = Duration.ofSeconds(15);

  private final RedisClient client;
  private final String consumer;
  private volatile @Nullable StatefulRedisConnection<String, String> commands;
  private @Nullable StatefulRedisConnection<String, String> reader;
  private @Nullable StatefulRedisConnection<String, String> publisher;

  /**
   * @param url {@code redis://host:port}; nothing is dialled yet
   * @param consumer this process's name in the group
   */
  public JobQueue(String url, String consumer) {
    this.client = RedisClient.create(RedisURI.create(url));
    this.consumer = consumer;
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(COMMAND_TIMEOUT).build())
            .timeoutOptions(TimeoutOptions.enabled(COMMAND_TIMEOUT))
            .build());
  }

  /** Appends the ids, in order; they are sent together. */
  public void publish(Collection<UUID> jobs) throws QueueUnavailable {
    StatefulRedisConnection<String, String> connection = publisher();
    on(
        connection,
        _ -> {
          RedisAsyncCommands<String, String> async = connection.async();
          Future<?>[] answers =
              jobs.stream()
                  .map(job -> async.xadd(STREAM, FIELD, job.toString()))
                  .toArray(Future<?>[]::new);
          connection.flushCommands();
          if (!LettuceFutures.awaitAll(COMMAND_TIMEOUT, answers)) {
            throw new RedisCommandTimeoutException();
          }
          return jobs.size();
        });
  }

  /**
   * Waits for hints; those of dead consumers come first.
   *
   * @param wait how long to wait when there is none, at most a second
   */
  @SuppressWarnings("unchecked") // Lettuce's varargs of a generic type
  public List<Hint> take(int most, Duration wait) throws QueueUnavailable {
    return on(
        reader(),
        redis -> {
          List<StreamMessage<String, String>> abandoned =
              redis
                  .xautoclaim(
                      STREAM,
                      XAutoClaimArgs.Builder.<String>xautoclaim(
                              Consumer.from(GROUP, consumer), ABANDONED, "0-0")
                          .count(most))
                  .getMessages();
          if (!abandoned.isEmpty()) {
            return hints(redis, abandoned);
          }
          return hints(
              redis,
              redis.xreadgroup(
                  Consumer.from(GROUP, consumer),
                  XReadArgs.Builder.count(most).block(wait),
                  StreamOffset.lastConsumed(STREAM)));
        });
  }

  /** Removes a hint that was acted upon. */
  public void acknowledge(Hint hint) throws QueueUnavailable {
    on(
        commands(),
        redis -> {
          redis.xack(STREAM, GROUP, hint.entry());
          return redis.xdel(STREAM, hint.entry());
        });
  }

  /** Hints in the stream, taken or not: 0 means that Redis knows of no work. */
  public long size() throws QueueUnavailable {
    return on(commands(), redis -> redis.xlen(STREAM));
  }

  /** The hints among the entries; one that is none is taken out of the stream. */
  private static List<Hint> hints(
      RedisCommands<String, String> redis, List<StreamMessage<String, String>> messages) {
    List<Hint> hints = new ArrayList<>();
    for (StreamMessage<String, String> message : messages) {
      try {
        hints.add(new Hint(UUID.fromString(message.getBody().get(FIELD)), message.getId()));
      } catch (IllegalArgumentException | NullPointerException e) {
        // Claimed after its deletion, it has no body; or somebody else put it there.
        redis.xack(STREAM, GROUP, message.getId());
        redis.xdel(STREAM, message.getId());
      }
    }
    return hints;
  }

  /**
   * Tells all processes that a job has ended, whoever may listen. Waits for nothing: where nothing
   * else has connected to Redis yet, or Redis is away, nobody is told.
   */
  public void tellEnd(UUID job) {
    StatefulRedisConnection<String, String> connection = commands;
    if (connection != null) {
      try {
        var _ = connection.async().publish(ENDS, job.toString());
      } catch (RedisException e) {
        // Away.
      }
    }
  }

  /** Is told of a job's end. */
  @FunctionalInterface
  public interface EndListener {
    void ended(UUID job);
  }

  /**
   * Has the listener told of the jobs that end from now on, by a thread that it must not hold up.
   *
   * @return false while Redis is not there; nobody is told then
   */
  public boolean onEnd(EndListener listener) {
    StatefulRedisPubSubConnection<String, String> connection;
    try {
      connection = client.connectPubSub();
    } catch (RedisException e) {
      return false;
    }
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, String job) {
            try {
              listener.ended(UUID.fromString(job));
            } catch (IllegalArgumentException e) {
              // Somebody else said that.
            }
          }
        });
    try {
      connection.sync().subscribe(ENDS);
      return true;
    } catch (RedisException e) {
      connection.close();
      return false;
    }
  }

  private static <T> T on(
      StatefulRedisConnection<String, String> connection,
      Function<RedisCommands<String, String>, T> work)
      throws QueueUnavailable {
    try {
      try {
        return work.apply(connection.sync());
      } catch (RedisCommandExecutionException e) {
        if (!String.valueOf(e.getMessage()).startsWith("NOGROUP")) {
          throw e;
        }
        // Redis lost its memory; begin again.
        createGroup(connection);
        return work.apply(connection.sync());
      }
    } catch (RedisException e) {
      throw new QueueUnavailable(e);
    }
  }

  private static void createGroup(StatefulRedisConnection<String, String> connection) {
    try {
      connection
          .sync()
          .xgroupCreate(StreamOffset.from(STREAM, "0"), GROUP, XGroupCreateArgs.Builder.mkstream());
    } catch (RedisBusyException e) {
      // Another process made it in the meantime.
    }
  }

  private synchronized StatefulRedisConnection<String, String> commands() throws QueueUnavailable {
    if (commands == null) {
      commands = connect();
    }
    return commands;
  }

  /** Blocking reads have a connection of their own, so that nothing waits behind them. */
  private synchronized StatefulRedisConnection<String, String> reader() throws QueueUnavailable {
    if (reader == null) {
      reader = connect();
    }
    return reader;
  }

  /** What is published is not sent before it is whole, which nothing else may wait for. */
  private synchronized StatefulRedisConnection<String, String> publisher() throws QueueUnavailable {
    if (publisher == null) {
      publisher = connect();
      publisher.setAutoFlushCommands(false);
    }
    return publisher;
  }

  private StatefulRedisConnection<String, String> connect() throws QueueUnavailable {
    try {
      return client.connect();
    } catch (RedisException e) {
      throw new QueueUnavailable(e);
    }
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
