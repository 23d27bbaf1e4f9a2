package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.server.TollgateProcess;
import io.tollgate.server.gateway.Visitor.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The patches of {@code integrations/istio}, put by this test where their wrapping says, into what
 * a gateway has before them, and served by a real Envoy.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class IstioIT {

  /** As limits.yaml says. */
  private static final int CALLS = 20;

  private static final String HOST = "tollgate.tollgate.svc.cluster.local";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private Application application;

  @SuppressWarnings("NullAway.Init") // before each test
  private TollgateProcess tollgate;

  private int port;

  @BeforeEach
  void start() throws Exception {
    application = new Application();
    tollgate =
        TollgateProcess.startShipped(
            folder,
            Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0"),
            "serve",
            "--limits",
            EnvoyFile.path("integrations/envoy/limits.yaml").toString());
    port = TollgateProcess.port(tollgate.line(), "grpc");
  }

  @AfterEach
  void stop() {
    tollgate.close();
    application.close();
  }

  /** A gateway before it is patched; the names are those that its control plane gives. */
  private Object gateway(String listener, String routes, String virtualHost) {
    return new EnvoyFile(
            """
            admin:
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            static_resources:
              listeners:
                - name: LISTENER
                  address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                  default_filter_chain:
                    filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": MANAGER
                          stat_prefix: gateway
                          use_remote_address: true
                          route_config:
                            name: ROUTES
                            virtual_hosts:
                              - name: "VIRTUAL_HOST"
                                domains: ["*"]
                                routes:
                                  - match: {prefix: /}
                                    route: {cluster: application}
                          http_filters:
                            - name: envoy.filters.http.router
                              typed_config: {"@type": ROUTER}
              clusters:
                - name: application
                  type: STATIC
                  load_assignment: APPLICATION
            """)
        .with("LISTENER", listener)
        .with("ROUTES", routes)
        .with("\"VIRTUAL_HOST\"", "\"" + virtualHost + "\"")
        .with(
            "MANAGER",
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
                + ".HttpConnectionManager")
        .with("ROUTER", "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router")
        .with("APPLICATION", endpoint("application", application.port()))
        .read();
  }

  private static String endpoint(String cluster, int port) {
    return "{cluster_name: \"%s\", endpoints: [{lb_endpoints: [{endpoint: {address: "
            .formatted(cluster)
        + "{socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}".formatted(port);
  }

  private void limits(Object patched) throws Exception {
    try (EnvoyProcess envoy = EnvoyProcess.start(folder, EnvoyFile.saying(patched).text());
        Visitor visitor = Visitor.stranger();
        Visitor other = Visitor.stranger()) {
      for (int left = CALLS - 1; left >= 0; left--) {
        Answer passed = visitor.get(envoy, "/anything");
        assertEquals(200, passed.status(), passed::toString);
        assertEquals(left, passed.remaining(), passed::toString);
      }
      assertEquals(429, visitor.get(envoy, "/anything").status());
      assertEquals(CALLS, application.requests());
      assertEquals(200, other.get(envoy, "/anything").status(), "another address");
    }
  }

  @Test
  void whatTheEnvoyFilterPatchesLimits() throws Exception {
    Object file =
        EnvoyFile.of("integrations/istio/envoyfilter.yaml")
            .with("timeout: 0.1s", "timeout: 10s")
            .read();
    Object gateway = gateway("0.0.0.0_8080", "http.8080", "*:80");
    EnvoyFile.list(gateway, "static_resources", "clusters").add(ofTheMesh());
    List<Object> patches = EnvoyFile.list(file, "spec", "configPatches");
    assertEquals(3, patches.size());
    for (Object patch : patches) {
      MeshPatches.envoyFilter(gateway, patch);
    }
    limits(gateway);
  }

  /** The cluster that the mesh makes of a service's port that is named grpc. */
  private Object ofTheMesh() {
    String name = "outbound|9090||" + HOST;
    return new EnvoyFile(
            """
            name: "NAME"
            type: STATIC
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": OPTIONS
                explicit_http_config: {http2_protocol_options: {}}
            load_assignment: TOLLGATE
            """)
        .with("NAME", name)
        .with(
            "OPTIONS", "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions")
        .with("TOLLGATE", endpoint(name, port))
        .read();
  }

  @Test
  void whatTheEnvoyPatchPolicyPatchesLimits() throws Exception {
    Object file =
        EnvoyFile.of("integrations/istio/envoy-gateway.yaml")
            .with("timeout: 0.1s", "timeout: 10s")
            .with(HOST, "127.0.0.1")
            .with("port_value: 9090", "port_value: " + port)
            .read();
    Object gateway = gateway("tcp-80", "http-80", "default/eg/http/www_example_com");
    List<Object> patches = EnvoyFile.list(file, "spec", "jsonPatches");
    assertEquals(3, patches.size());
    for (Object patch : patches) {
      MeshPatches.jsonPatch(gateway, patch);
    }
    limits(gateway);
  }
}
