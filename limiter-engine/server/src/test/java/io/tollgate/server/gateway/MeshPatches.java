package io.tollgate.server.gateway;

import java.util.List;
import java.util.Map;

/**
 * What a control plane does with patches, as far as our files use it; anything else is refused.
 *
 * <p>A gateway is a bootstrap of Envoy with one listener, whose routes stand in it.
 */
final class MeshPatches {

  private static final Object[] MANAGER = {
    "static_resources", "listeners", 0, "default_filter_chain", "filters", 0, "typed_config"
  };

  private MeshPatches() {}

  /** Istio's EnvoyFilter: one of its configPatches. */
  static void envoyFilter(Object gateway, Object patch) {
    String kind = EnvoyFile.at(patch, "applyTo") + " " + EnvoyFile.at(patch, "patch", "operation");
    Object match = EnvoyFile.at(patch, "match");
    Object value = EnvoyFile.at(patch, "patch", "value");
    if (!"GATEWAY".equals(EnvoyFile.at(match, "context"))) {
      throw new IllegalStateException("not for a gateway: " + match);
    }
    switch (kind) {
      case "HTTP_FILTER INSERT_BEFORE" -> {
        Object filter = EnvoyFile.at(match, "listener", "filterChain", "filter");
        named(
            EnvoyFile.list(
                gateway, "static_resources", "listeners", 0, "default_filter_chain", "filters"),
            EnvoyFile.at(filter, "name"));
        List<Object> filters = EnvoyFile.list(EnvoyFile.at(gateway, MANAGER), "http_filters");
        filters.add(named(filters, EnvoyFile.at(filter, "subFilter", "name")), value);
      }
      case "CLUSTER MERGE" -> {
        Object cluster = EnvoyFile.at(match, "cluster");
        String name =
            "outbound|%s||%s"
                .formatted(EnvoyFile.at(cluster, "portNumber"), EnvoyFile.at(cluster, "service"));
        merge(EnvoyFile.list(gateway, "static_resources", "clusters"), name, value);
      }
      case "VIRTUAL_HOST MERGE" ->
          merge(
              EnvoyFile.list(EnvoyFile.at(gateway, MANAGER), "route_config", "virtual_hosts"),
              EnvoyFile.at(match, "routeConfiguration", "vhost", "name"),
              value);
      default -> throw new IllegalStateException(kind + " is not known");
    }
  }

  private static void merge(List<Object> resources, Object name, Object value) {
    int place = named(resources, name);
    resources.set(place, EnvoyFile.merged(resources.get(place), value));
  }

  private static int named(List<Object> resources, Object name) {
    for (int i = 0; i < resources.size(); i++) {
      if (EnvoyFile.at(resources.get(i), "name").equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException("nothing has the name " + name);
  }

  /** Envoy Gateway's EnvoyPatchPolicy: one of its jsonPatches, which add (RFC 6902). */
  static void jsonPatch(Object gateway, Object patch) {
    String type = String.valueOf(EnvoyFile.at(patch, "type"));
    Object name = EnvoyFile.at(patch, "name");
    String path = String.valueOf(EnvoyFile.at(patch, "operation", "path"));
    Object value = EnvoyFile.at(patch, "operation", "value");
    if (!"add".equals(EnvoyFile.at(patch, "operation", "op"))) {
      throw new IllegalStateException("only add is known: " + patch);
    }
    switch (type.substring(type.lastIndexOf('.') + 1)) {
      case "Cluster" -> {
        if (!path.isEmpty() || !EnvoyFile.at(value, "name").equals(name)) {
          throw new IllegalStateException("a cluster is added as a whole, under its name");
        }
        EnvoyFile.list(gateway, "static_resources", "clusters").add(value);
      }
      case "Listener" -> {
        List<Object> listeners = EnvoyFile.list(gateway, "static_resources", "listeners");
        add(listeners.get(named(listeners, name)), path, value);
      }
      case "RouteConfiguration" -> {
        Object routes = EnvoyFile.at(EnvoyFile.at(gateway, MANAGER), "route_config");
        var _ = named(List.of(routes), name);
        add(routes, path, value);
      }
      default -> throw new IllegalStateException(type + " is not known");
    }
  }

  private static void add(Object tree, String path, Object value) {
    String[] steps = path.split("/", -1);
    Object parent = tree;
    for (int i = 1; i < steps.length - 1; i++) {
      Object step = parent instanceof List<?> ? (Object) place(steps[i]) : steps[i];
      parent = EnvoyFile.at(parent, step);
    }
    String last = steps[steps.length - 1];
    if (parent instanceof Map<?, ?>) {
      EnvoyFile.map(parent).put(last, value);
    } else {
      EnvoyFile.list(parent).add(place(last), value);
    }
  }

  private static int place(String step) {
    return Integer.parseInt(step);
  }
}
