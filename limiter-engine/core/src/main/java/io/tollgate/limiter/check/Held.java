package io.tollgate.limiter.check;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.decision.Decision;
import java.util.Optional;

/**
 * The answer to a reservation or the acquisition of a lease.
 *
 * @param decision whether it may pass
 * @param id what was made; empty when it was denied
 * @param expiresAtMicros when it ends unless it is settled or renewed; 0 when it was denied
 */
public record Held(Decision decision, Optional<HoldId> id, long expiresAtMicros) {}
