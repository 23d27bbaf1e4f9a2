/** Everything here runs over a real Redis that the tests start. */
@NullMarked
package io.tollgate.limiter.redis;

import org.jspecify.annotations.NullMarked;
