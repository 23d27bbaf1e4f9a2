/** What the core's tests share: a clock moved by hand, a limiter to ask, random limits, models. */
@NullMarked
package io.tollgate.limiter.testing;

import org.jspecify.annotations.NullMarked;
