package io.tollgate.server.limits;

/**
 * A namespace in force, as the API shows it.
 *
 * @param readOnly whether it is of the limits file, so that the API cannot change it
 * @param json its object in canonical form, on one line
 */
public record NamespaceView(String name, boolean readOnly, String json) {}
