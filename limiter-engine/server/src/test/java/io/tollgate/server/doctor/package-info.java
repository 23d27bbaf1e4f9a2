/**
 * Tests of the examination: real files, sockets and certificates, and a machine that is described.
 */
@NullMarked
package io.tollgate.server.doctor;

import org.jspecify.annotations.NullMarked;
