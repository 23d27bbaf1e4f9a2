/** Tests of log lines; the whole of logging is tested by LogIT, in processes of their own. */
@NullMarked
package io.tollgate.server.log;

import org.jspecify.annotations.NullMarked;
