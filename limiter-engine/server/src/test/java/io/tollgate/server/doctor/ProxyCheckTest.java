package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.server.address.Cidr;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.doctor.Finding.Verdict;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyCheckTest {

  @ParameterizedTest
  @CsvSource({
    "'', OK",
    "10.0.0.0/8, OK",
    "10.1.2.3 fd00::/12, OK",
    "::1, OK",
    "10.1.2.3 10.0.0.0/7, WARNING",
    "128.0.0.0/1, WARNING",
    "2000::/3, WARNING",
  })
  void networksThatAreNobodysOwnAreWarnedOf(String blocks, Verdict verdict) {
    TrustedProxies proxies =
        new TrustedProxies(
            Stream.of(blocks.split(" "))
                .filter(block -> !block.isEmpty())
                .map(block -> Cidr.parse(block).orElseThrow())
                .toList());
    assertEquals(verdict, ProxyCheck.of(proxies).verdict());
  }
}
