package io.tollgate.server.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes metrics as the scraper wants them: the classic text unless it asks for OpenMetrics. */
final class Scrape {

  private static final ExpositionFormatWriter CLASSIC = PrometheusTextFormatWriter.create();
  private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();

  private Scrape() {}

  /** Writes, and returns the content type. */
  static String write(Sources sources, List<LoopMetrics> loops, String accept, OutputStream out)
      throws IOException {
    ExpositionFormatWriter writer = Accept.prefersOpenMetrics(accept) ? OPEN_METRICS : CLASSIC;
    // Our names have letters, digits and underscores only: there is nothing to escape.
    writer.write(
        out, new TollgateCollector(sources, loops).collect(), EscapingScheme.UNDERSCORE_ESCAPING);
    return writer.getContentType();
  }
}
