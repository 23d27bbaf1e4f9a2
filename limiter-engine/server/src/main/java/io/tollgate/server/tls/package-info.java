/**
 * TLS by files: certificate, key and client CA while the server runs.
 *
 * <p>Owns: reading the files, which protocols and ciphers are spoken, when a changed file takes
 * effect and what happens when it is wrong. Does not own: the connections ({@code http}), where
 * messages go.
 *
 * <p>Words: a <i>pair</i> is a certificate with the key that it was made with. The files change
 * only as a whole: a handshake sees all of a change or nothing, and connections that are open keep
 * what they began with.
 *
 * <p>Times: those of certificates and of the state are the machine's wall time.
 */
@NullMarked
package io.tollgate.server.tls;

import org.jspecify.annotations.NullMarked;
