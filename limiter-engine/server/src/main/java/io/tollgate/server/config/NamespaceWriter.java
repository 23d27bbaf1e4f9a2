package io.tollgate.server.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitOverride;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.limit.StoreFailure;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes a namespace as the readers read it; what equals its default is left out. */
final class NamespaceWriter {

  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator json;

  private NamespaceWriter(JsonGenerator json) {
    this.json = json;
  }

  static String write(NamespaceSpec spec) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      new NamespaceWriter(json).namespace(spec);
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return text.toString();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void namespace(NamespaceSpec spec) throws IOException {
    json.writeStartObject();
    if (spec.onStoreFailure() != StoreFailure.LOCAL) {
      json.writeStringField("on_store_failure", word(spec.onStoreFailure()));
    }
    if (spec.headers() != Headers.DRAFT) {
      json.writeStringField("headers", word(spec.headers()));
    }
    if (spec.negativeHits() != NegativeHits.PEEK) {
      json.writeStringField("negative_hits", word(spec.negativeHits()));
    }
    limits(spec.limits());
    if (!spec.overrides().isEmpty()) {
      json.writeArrayFieldStart("overrides");
      for (OverrideSpec override : spec.overrides()) {
        override(override);
      }
      json.writeEndArray();
    }
    if (!spec.endpoints().isEmpty()) {
      json.writeArrayFieldStart("endpoints");
      for (EndpointSpec endpoint : spec.endpoints()) {
        json.writeStartObject();
        json.writeStringField("match", endpoint.match());
        limits(endpoint.limits());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    if (!spec.descriptors().isEmpty()) {
      json.writeArrayFieldStart("descriptors");
      for (DescriptorSpec descriptor : spec.descriptors()) {
        descriptor(descriptor);
      }
      json.writeEndArray();
    }
    if (!spec.identity().equals(NamespaceSpec.USUAL_IDENTITY)) {
      json.writeObjectFieldStart("authz");
      json.writeArrayFieldStart(IdentityReader.FIELD);
      for (NamespaceSpec.Identity kind : spec.identity()) {
        json.writeString(word(kind));
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void descriptor(DescriptorSpec descriptor) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("match");
    for (DescriptorSpec.Match entry : descriptor.match()) {
      json.writeStartObject();
      json.writeStringField("key", entry.key());
      String value = entry.value();
      if (value != null) {
        json.writeStringField("value", value);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    if (!descriptor.replaces().isEmpty()) {
      json.writeArrayFieldStart("replaces");
      for (String name : descriptor.replaces()) {
        json.writeString(name);
      }
      json.writeEndArray();
    }
    if (descriptor.shadow()) {
      json.writeBooleanField("shadow", true);
    }
    if (descriptor.detailed()) {
      json.writeStringField("metrics", "detailed");
    }
    if (descriptor.unlimited()) {
      json.writeBooleanField("unlimited", true);
    } else {
      limits(descriptor.limits());
    }
    json.writeEndObject();
  }

  private void limits(List<LimitSpec> limits) throws IOException {
    json.writeArrayFieldStart("limits");
    for (LimitSpec limit : limits) {
      limit(limit);
    }
    json.writeEndArray();
  }

  private void limit(LimitSpec limit) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", limit.name());
    json.writeStringField("algorithm", limit.algorithm().wireName());
    json.writeNumberField("limit", limit.algorithm().limit());
    numbers(limit.algorithm());
    if (limit.shadow()) {
      json.writeBooleanField("shadow", true);
    }
    if (limit.per() == LimitSpec.Per.NAMESPACE) {
      json.writeStringField("per", word(limit.per()));
    }
    if (limit.allotment() > 0) {
      json.writeObjectFieldStart("allotment");
      json.writeNumberField("max", limit.allotment());
      json.writeEndObject();
    }
    if (!limit.when().isEmpty()) {
      json.writeObjectFieldStart("when");
      json.writeObjectFieldStart("attributes");
      for (Map.Entry<String, String> attribute : new TreeMap<>(limit.when()).entrySet()) {
        json.writeStringField(attribute.getKey(), attribute.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void numbers(Algorithm algorithm) throws IOException {
    switch (algorithm) {
      case Algorithm.FixedWindow window -> {
        json.writeStringField("period", period(window.period()));
        alignment(window.alignment());
      }
      case Algorithm.SlidingWindow window -> duration("period", window.periodMicros());
      case Algorithm.SlidingLog log -> duration("period", log.periodMicros());
      case Algorithm.TokenBucket bucket -> bucket(bucket, bucket.periodMicros());
      case Algorithm.Gcra gcra -> bucket(gcra, gcra.periodMicros());
      case Algorithm.LeakyBucket leaky -> {
        bucket(leaky, leaky.periodMicros());
        if (leaky.mode() == LeakyMode.QUEUE) {
          json.writeStringField("mode", word(leaky.mode()));
          duration("max_delay", leaky.maxDelayMicros());
        }
      }
      case Algorithm.Concurrency held -> {
        if (held.leaseTtlMicros() != AlgorithmReader.DEFAULT_LEASE) {
          duration("lease_ttl", held.leaseTtlMicros());
        }
        if (held.adapts()) {
          json.writeStringField("adaptive", "gradient2");
          json.writeNumberField("min_limit", held.minLimit());
        }
      }
    }
  }

  private void bucket(Algorithm algorithm, long periodMicros) throws IOException {
    duration("period", periodMicros);
    if (algorithm.burst() != algorithm.limit()) {
      json.writeNumberField("burst", algorithm.burst());
    }
  }

  private void alignment(Alignment alignment) throws IOException {
    switch (alignment) {
      case Alignment.Epoch() -> {}
      case Alignment.FirstCall() -> json.writeStringField("align", "first_call");
      case Alignment.Calendar(ZoneId zone) -> {
        json.writeStringField("align", "calendar");
        if (!zone.equals(ZoneOffset.UTC)) {
          json.writeStringField("zone", zone.getId());
        }
      }
    }
  }

  private static String period(Period period) {
    return switch (period) {
      case Period.Span(long micros) -> Durations.text(micros);
      case Period.Month() -> "month";
    };
  }

  private void duration(String name, long micros) throws IOException {
    json.writeStringField(name, Durations.text(micros));
  }

  private void override(OverrideSpec override) throws IOException {
    json.writeStartObject();
    json.writeStringField("identifier", override.identifier());
    json.writeObjectFieldStart("limits");
    for (Map.Entry<String, LimitOverride> entry : new TreeMap<>(override.limits()).entrySet()) {
      json.writeFieldName(entry.getKey());
      switch (entry.getValue()) {
        case LimitOverride.Unlimited() -> json.writeString("unlimited");
        case LimitOverride.Numbers numbers -> numbers(numbers);
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void numbers(LimitOverride.Numbers numbers) throws IOException {
    json.writeStartObject();
    json.writeNumberField("limit", numbers.limit());
    if (numbers.burst().isPresent()) {
      json.writeNumberField("burst", numbers.burst().getAsLong());
    }
    json.writeEndObject();
  }
}
