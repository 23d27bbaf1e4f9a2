package io.tollgate.limiter.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;

/** How catalogs are made of namespaces and of each other. */
class CatalogTest {

  private static NamespaceSpec spec(String name, long limit) {
    return NamespaceSpec.of(
        name, List.of(LimitSpec.of("m", new Algorithm.Gcra(limit, 1_000_000, limit))));
  }

  private static NamespaceLimits find(Catalog catalog, String name) {
    return catalog.find(name).orElseThrow();
  }

  @Example
  void anotherCatalogTakesOverWhatIsEqualAndCompilesTheRest() {
    Catalog before = new Catalog(List.of(spec("same", 1), spec("other", 1), spec("gone", 1)));
    Catalog after = new Catalog(List.of(spec("same", 1), spec("other", 2), spec("new", 1)), before);
    assertSame(find(before, "same"), find(after, "same"));
    assertNotSame(find(before, "other"), find(after, "other"));
    assertEquals(spec("other", 2), find(after, "other").spec());
    assertEquals(spec("other", 1), find(before, "other").spec());
    assertEquals(Set.of("same", "other", "new"), after.names());
    assertTrue(after.find("gone").isEmpty());
  }

  @Example
  void aNameThatOccursTwiceIsRefusedHoweverItIsCompiled() {
    Catalog before = new Catalog(List.of(spec("a", 1)));
    List<NamespaceSpec> twice = List.of(spec("a", 1), spec("a", 1));
    assertThrows(InvalidLimitException.class, () -> new Catalog(twice));
    assertThrows(InvalidLimitException.class, () -> new Catalog(twice, before));
  }
}
