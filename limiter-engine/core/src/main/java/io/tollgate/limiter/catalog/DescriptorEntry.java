package io.tollgate.limiter.catalog;

/**
 * One key and its value, as a proxy sends them in a descriptor.
 *
 * @param key what the value is of, such as {@code path}
 * @param value the value of this request; may be empty
 */
public record DescriptorEntry(String key, String value) {}
