package io.tollgate.server.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import javax.net.ssl.SSLException;

/** What the server offers in a handshake. */
final class Contexts {

  /**
   * Sessions that are remembered for clients of TLS 1.2 without tickets; a session is some KiB. The
   * JDK's own bound is ten times this.
   */
  private static final long MOST_SESSIONS = 2_000;

  private static final long SESSION_SECONDS = 3_600;

  /**
   * Another handshake within a connection of TLS 1.2 costs us far more than the client, and nobody
   * needs it. The JDK reads this once, at the first handshake of the process.
   */
  private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

  static {
    System.setProperty(NO_RENEGOTIATION, "true");
  }

  private Contexts() {}

  /** TLS 1.2 and 1.3 with the ciphers that HTTP/2 permits (RFC 9113 appendix A), by the JDK. */
  static SslContext of(KeyMaterial material) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(material.key(), material.chain())
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .sessionCacheSize(MOST_SESSIONS)
            .sessionTimeout(SESSION_SECONDS)
            // A client that names only other protocols is no client of ours (RFC 7301 3.2).
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.FATAL_ALERT,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1));
    if (!material.clientCas().isEmpty()) {
      builder.trustManager(material.clientCas()).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
  }
}
