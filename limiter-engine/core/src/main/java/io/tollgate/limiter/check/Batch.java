package io.tollgate.limiter.check;

import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One call of {@link Limiter#checkMany}. */
final class Batch {

  private final Store store;
  private final Limiter limiter;
  private final Consumer<BatchDecision> listener;

  Batch(Store store, Limiter limiter, Consumer<BatchDecision> listener) {
    this.store = store;
    this.limiter = limiter;
    this.listener = listener;
  }

  /** Every namespace is looked up before the first check is charged. */
  void each(List<CheckRequest> requests) {
    List<NamespaceLimits> namespaces =
        requests.stream().map(r -> limiter.namespace(r.realm(), r.namespace())).toList();
    Decision[] decisions = new Decision[requests.size()];
    AtomicInteger open = new AtomicInteger(decisions.length);
    for (int i = 0; i < decisions.length; i++) {
      int at = i;
      limiter.check(
          namespaces.get(i),
          requests.get(i),
          new CheckBuffer(),
          b -> {
            decisions[at] = b.decision();
            if (open.decrementAndGet() == 0) {
              List<Decision> all = Arrays.asList(decisions);
              listener.accept(new BatchDecision(all.stream().allMatch(Decision::allowed), all));
            }
          });
    }
  }

  /**
   * One step over the limits of all checks. Checks that share a counter become one entry with the
   * sum of their costs: all pass exactly if the sum passes.
   */
  void all(List<CheckRequest> requests) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(requests.getFirst().realm());
    CheckBuffer one = new CheckBuffer();
    EntryIndex index = new EntryIndex();
    List<int[]> entries = new ArrayList<>(requests.size());
    requireOneOwner(requests);
    for (CheckRequest request : requests) {
      if (!request.realm().equals(requests.getFirst().realm())) {
        throw new InvalidRequestException("checks", "span two realms", "send a call for each");
      }
      if (request.idempotencyKey() != null) {
        throw new InvalidRequestException(
            "idempotency_key", "does not go with all", "remove it, or use each");
      }
      NamespaceLimits namespace = limiter.namespace(request.realm(), request.namespace());
      limiter.ask(namespace, one, request, false);
      entries.add(index.merge(one, buffer));
    }
    if (buffer.size() > store.mostEntries()) {
      throw new InvalidRequestException(
          "checks",
          "have " + buffer.size() + " counters together",
          "send fewer with all: this store changes at most "
              + store.mostEntries()
              + " in one step");
    }
    store.check(
        buffer,
        b ->
            listener.accept(
                new BatchDecision(b.allowed(), entries.stream().map(b::decision).toList())));
  }

  private void requireOneOwner(List<CheckRequest> requests) {
    if (!store.keepsOwnersApart()) {
      return;
    }
    String owner = requests.getFirst().owner();
    for (int i = 1; i < requests.size(); i++) {
      if (!requests.get(i).owner().equals(owner)) {
        throw new CrossOwnerException(i);
      }
    }
  }
}
