/** Tests of all doors together: whichever is asked, the answer is the same. */
@NullMarked
package io.tollgate.server.doors;

import org.jspecify.annotations.NullMarked;
