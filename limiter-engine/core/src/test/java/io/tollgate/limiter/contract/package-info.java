/**
 * What every store must keep, whatever it is made of: each abstract class asks for a new store and
 * a clock, and puts its questions through the limiter only.
 */
@NullMarked
package io.tollgate.limiter.contract;

import org.jspecify.annotations.NullMarked;
