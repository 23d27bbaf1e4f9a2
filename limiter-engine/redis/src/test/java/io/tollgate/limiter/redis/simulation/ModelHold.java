package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.redis.simulation.ModelRedis.Counted;
import io.tollgate.limiter.redis.simulation.ModelRedis.Held;
import io.tollgate.limiter.redis.simulation.ModelRedis.Kept;
import io.tollgate.limiter.redis.simulation.ModelRedis.Refused;
import io.tollgate.limiter.redis.simulation.ModelStep.Part;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The verbs over reservations and leases, as verbs.lua has them. */
final class ModelHold {

  private static final int UNKNOWN = 4;
  private static final int SETTLED = 5;
  private static final int EXPIRED = 6;
  private static final int DONE = 7;

  private static final int RESERVATION = 1;
  private static final int LEASE = 2;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long KEPT_MILLIS = 59_999;

  private final ModelStep step;
  private final ModelRedis redis;
  private final List<Part> parts;
  private final ByteBuffer rest;
  private final String holdKey;
  private final long micros;

  ModelHold(ModelStep step) {
    this.step = step;
    this.redis = step.redis;
    this.parts = step.parts;
    this.rest = step.rest;
    this.holdKey = step.holdKey;
    this.micros = step.micros;
  }

  private HoldId id() {
    rest.order(ByteOrder.BIG_ENDIAN);
    HoldId id = new HoldId(rest.getLong(), rest.getLong());
    rest.order(ByteOrder.LITTLE_ENDIAN);
    return id;
  }

  private void hold(Held hold) {
    long millis =
        hold.settled()
            ? KEPT_MILLIS
            : Math.ceilDiv(Math.max(0, hold.ends() - micros), 1_000) + HOUR_MILLIS;
    redis.put(
        holdKey,
        new Held(
            hold.kind(),
            hold.settled(),
            hold.ends(),
            hold.cost(),
            hold.charges(),
            hold.rest(),
            micros / 1_000 + millis));
  }

  private byte[] holdStep(int kind) {
    long ttl = Bytes.number(rest);
    HoldId id = id();
    step.loadAll();
    boolean allowed = step.judge();
    if (allowed) {
      redis.requireWritable();
    }
    step.writeAll(allowed, id, ttl);
    if (allowed) {
      List<Held.Charge> charges = new ArrayList<>();
      for (Part p : parts) {
        if (kind == RESERVATION) {
          charges.add(new Held.Charge(p.admitted, p.kernel.mark(p.state, p.now)));
        } else if (p.isLease()) {
          charges.add(new Held.Charge(p.charged, 0));
        }
      }
      long cost = parts.isEmpty() ? 0 : parts.getFirst().cost;
      hold(new Held(kind, false, micros + ttl, cost, charges, step.remaining(), 0));
    }
    ByteBuffer out = step.told(allowed ? ModelStep.ALLOWED : ModelStep.DENIED, 7);
    return Bytes.written(Bytes.number(out, allowed ? micros + ttl : 0));
  }

  byte[] reserve() {
    if (redis.live(holdKey, micros) != null) {
      throw new Refused("the reservation id was used before");
    }
    return holdStep(RESERVATION);
  }

  byte[] acquire() {
    if (redis.live(holdKey, micros) instanceof Held held && held.isOpen(micros)) {
      step.loadAll();
      step.admitAll();
      step.writeAll(false, null, 0);
      return Bytes.written(Bytes.number(step.told(ModelStep.ALLOWED, 7), held.ends()));
    }
    return holdStep(LEASE);
  }

  byte[] commit() {
    if (!(redis.live(holdKey, micros) instanceof Held held) || held.kind() != RESERVATION) {
      return Bytes.written(step.head(UNKNOWN, 0));
    } else if (held.settled()) {
      return Bytes.written(step.head(SETTLED, 0));
    } else if (held.ends() <= micros) {
      return Bytes.written(step.head(EXPIRED, 0));
    }
    long actual = Bytes.number(rest);
    redis.requireWritable();
    step.loadAll();
    for (int i = 0; i < parts.size(); i++) {
      Part p = parts.get(i);
      Held.Charge charge = held.charges().get(i);
      if (charge.charged() && actual > held.cost()) {
        p.kernel.charge(p.state, p.now, actual - held.cost());
        step.save(p);
      } else if (charge.charged() && p.stored && !p.adopted) {
        p.kernel.giveBack(p.state, p.now, charge.mark(), held.cost() - actual);
        redis.witness().returned(p.key, held.cost() - actual);
        step.save(p);
      }
    }
    settle(held, held.ends());
    return Bytes.written(Bytes.number(step.head(DONE, 7), actual));
  }

  private void settle(Held held, long ends) {
    hold(new Held(held.kind(), true, ends, held.cost(), held.charges(), held.rest(), 0));
  }

  byte[] renew() {
    long ttl = Bytes.number(rest);
    HoldId id = id();
    if (!(redis.live(holdKey, micros) instanceof Held held) || held.kind() != LEASE) {
      return Bytes.written(step.head(UNKNOWN, 0));
    } else if (!held.isOpen(micros)) {
      return Bytes.written(step.head(EXPIRED, 0));
    }
    redis.requireWritable();
    boolean isHeld = true;
    for (int i = 0; i < parts.size(); i++) {
      Part p = parts.get(i);
      if (held.charges().get(i).charged()) {
        boolean renewed =
            redis.live(p.key, micros) instanceof Counted(Kernel _, CounterState state, long _)
                && renew(p, state, id, ttl);
        isHeld &= renewed;
      }
    }
    if (!isHeld) {
      return Bytes.written(step.head(EXPIRED, 0));
    }
    long ends = micros + ttl;
    hold(new Held(LEASE, false, ends, held.cost(), held.charges(), held.rest(), 0));
    return Bytes.written(Bytes.number(step.head(DONE, 7), ends));
  }

  private boolean renew(Part p, CounterState state, HoldId id, long ttl) {
    boolean renewed = state.leases != null && state.leases.renew(id, micros, ttl);
    if (renewed) {
      p.state = state;
      step.save(p);
    }
    return renewed;
  }

  byte[] release() {
    HoldId id = id();
    if (!(redis.live(holdKey, micros) instanceof Held held) || held.kind() != LEASE) {
      return Bytes.written(step.head(UNKNOWN, 0));
    } else if (!held.isOpen(micros)) {
      return Bytes.written(step.head(EXPIRED, 0));
    }
    redis.requireWritable();
    for (Part p : parts) {
      if (redis.live(p.key, micros) instanceof Counted(Kernel _, CounterState state, long _)
          && state.leases != null
          && state.leases.holds(id)) {
        state.leases.release(id);
        p.state = state;
        step.save(p);
      }
    }
    settle(held, held.ends());
    return Bytes.written(Bytes.number(step.head(DONE, 7), 0));
  }

  /** What READ answers: a hold's bytes, and nothing where there is none. */
  static byte[] stored(@Nullable Kept kept) {
    if (!(kept instanceof Held held)) {
      return new byte[0];
    }
    ByteBuffer out = Bytes.writing(17 + 8 * held.charges().size() + held.rest().length);
    out.put((byte) held.kind()).put((byte) (held.settled() ? 1 : 0));
    Bytes.number(Bytes.number(out, held.ends()), held.cost()).put((byte) held.charges().size());
    for (Held.Charge charge : held.charges()) {
      Bytes.number(out.put((byte) (charge.charged() ? 1 : 0)), charge.mark());
    }
    return Bytes.written(out.put(held.rest()));
  }
}
