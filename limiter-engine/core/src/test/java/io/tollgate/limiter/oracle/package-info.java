/** The core against others that decide the same: naive models, and another library. */
@NullMarked
package io.tollgate.limiter.oracle;

import org.jspecify.annotations.NullMarked;
