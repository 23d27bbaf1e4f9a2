package io.tollgate.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.limiter.v1.CheckStreamResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many checks over one stream: answers, order of events, back pressure, the end. */
@Timeout(60)
class CheckStreamTest {

  private static final String[] LIMITS = {
    "version: 1",
    "namespaces:",
    "  api:",
    "    limits: [{name: all, algorithm: fixed_window, limit: 1000000, period: 1h}]",
    "  few:",
    "    limits: [{name: few, algorithm: fixed_window, limit: 2, period: 1h}]",
  };

  private static final int FLOOD = 1_000_000;

  @SuppressWarnings("NullAway.Init") // before each test
  private TestGrpc server;

  /** Checks that the store was asked. */
  private final AtomicInteger asked = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    server = new TestGrpc(TestGrpc.With.store(store -> counting(store, asked)), LIMITS);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** A client's end of a stream. */
  private static final class Client extends ClientCall.Listener<CheckStreamResponse> {

    final ClientCall<CheckStreamRequest, CheckStreamResponse> call;
    final ConcurrentLinkedQueue<CheckStreamResponse> answers = new ConcurrentLinkedQueue<>();
    final AtomicReference<Status> end = new AtomicReference<>();
    final CountDownLatch ended = new CountDownLatch(1);

    Client(io.grpc.Channel by) {
      call = by.newCall(LimiterMethods.CHECK_STREAM, CallOptions.DEFAULT);
      call.start(this, new Metadata());
    }

    void send(long id, String identifier, String namespace) {
      call.sendMessage(
          CheckStreamRequest.newBuilder()
              .setId(id)
              .setCheck(TestGrpc.asked(identifier, namespace, 1))
              .build());
    }

    @Override
    public void onMessage(CheckStreamResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.set(status);
      ended.countDown();
    }

    List<CheckStreamResponse> await(int count) {
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (answers.size() < count) {
        assertTrue(System.nanoTime() < limit, () -> answers.size() + " of " + count);
        Thread.onSpinWait();
      }
      return new ArrayList<>(answers);
    }

    Status awaitEnd() throws InterruptedException {
      assertTrue(ended.await(30, TimeUnit.SECONDS));
      return end.get();
    }
  }

  @Test
  void everyRequestIsAnsweredUnderItsIdAndTheStreamEndsWithTheLast() throws Exception {
    Client client = new Client(server.client());
    client.call.request(Integer.MAX_VALUE);
    int count = 10_000;
    for (int i = 0; i < count; i++) {
      client.send(i * 3L, "user" + i % 7, "api");
    }
    client.call.halfClose();
    assertEquals(Status.Code.OK, client.awaitEnd().getCode());
    List<CheckStreamResponse> answers = client.await(count);
    assertEquals(count, answers.size());
    boolean[] seen = new boolean[count];
    for (CheckStreamResponse answer : answers) {
      assertTrue(answer.getDecision().getAllowed());
      int index = (int) (answer.getId() / 3);
      assertFalse(seen[index]);
      seen[index] = true;
    }
    assertEquals(count, asked.get());
  }

  @Test
  void aWrongRequestIsAnsweredAndDoesNotEndTheStream() throws Exception {
    Client client = new Client(server.client());
    client.call.request(10);
    client.send(1, "", "api");
    client.send(2, "user", "unknown");
    client.send(3, "user", "few");
    client.call.halfClose();
    assertEquals(Status.Code.OK, client.awaitEnd().getCode());
    List<CheckStreamResponse> answers = client.await(3);
    assertEquals("MISSING_FIELD", answers.get(0).getError().getCode());
    assertEquals(com.google.rpc.Code.INVALID_ARGUMENT_VALUE, answers.get(0).getError().getStatus());
    assertEquals("identifier", answers.get(0).getError().getField());
    assertFalse(answers.get(0).getError().getFix().isEmpty());
    assertEquals("NAMESPACE_NOT_FOUND", answers.get(1).getError().getCode());
    assertEquals(2, answers.get(1).getId());
    assertTrue(answers.get(2).getDecision().getAllowed());
  }

  @Test
  void aDenialIsAnAnswer() {
    Client client = new Client(server.client());
    client.call.request(10);
    for (int i = 0; i < 3; i++) {
      client.send(i, "user", "few");
    }
    assertEquals(
        List.of(true, true, false),
        client.await(3).stream().map(answer -> answer.getDecision().getAllowed()).toList());
    client.call.cancel("enough", null);
  }

  @Test
  void whoDoesNotReadIsNotReadFromHoweverMuchHeSends() throws Exception {
    ManagedChannel own = server.channel();
    try {
      Client deaf = new Client(own);
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
      int sent = 0;
      while (sent < FLOOD && System.nanoTime() < limit) {
        if (deaf.call.isReady()) {
          deaf.send(sent, "user", "api");
          sent++;
        } else if (sent > 10_000 && asked.get() == settled()) {
          break;
        }
      }
      int decided = asked.get();
      System.out.println("a client that does not read: sent " + sent + ", decided " + decided);
      assertTrue(decided < 20_000, () -> decided + " were decided for nobody");
      assertTrue(sent < FLOOD, "the connection is full long before");
      assertTrue(
          TestGrpc.call(server.client(), LimiterMethods.CHECK, TestGrpc.asked("a", "few", 1))
              .getAllowed(),
          "others are answered");
      deaf.call.request(Integer.MAX_VALUE);
      deaf.call.halfClose();
      assertEquals(Status.Code.OK, deaf.awaitEnd().getCode(), "when it reads, all is answered");
      assertEquals(sent, deaf.answers.size());
    } finally {
      var _ = own.shutdownNow();
    }
  }

  private int settled() {
    int before = asked.get();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    return before;
  }

  @Test
  void aCancelledStreamLeavesNothingBehind() {
    for (int i = 0; i < 50; i++) {
      Client client = new Client(server.client());
      client.call.request(10);
      client.send(1, "user", "api");
      client.call.cancel("gone", null);
    }
    assertTrue(
        TestGrpc.call(server.client(), LimiterMethods.CHECK, TestGrpc.asked("b", "few", 1))
            .getAllowed());
  }

  /** The same store, which counts how often it was asked. */
  private static Store counting(Store store, AtomicInteger asked) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, arguments) -> {
              asked.addAndGet(method.getName().equals("check") ? 1 : 0);
              return method.invoke(store, arguments);
            });
  }
}
