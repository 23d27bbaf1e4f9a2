package io.tollgate.server.settings;

import io.tollgate.server.address.Cidr;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.settings.Source.Setting;
import io.tollgate.server.text.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code 10.0.0.0/8,192.168.1.7}: the networks and addresses of trusted proxies. */
final class ProxyBlocks {

  private ProxyBlocks() {}

  static TrustedProxies read(Source source) {
    Optional<Setting> setting = source.value(Variable.TRUSTED_PROXIES);
    return setting.map(ProxyBlocks::read).orElse(TrustedProxies.NONE);
  }

  private static TrustedProxies read(Setting setting) {
    List<Cidr> blocks = new ArrayList<>();
    for (String part : setting.text().split(",", TrustedProxies.MOST + 1)) {
      if (blocks.size() == TrustedProxies.MOST) {
        setting.problem(
            "has more than " + TrustedProxies.MOST + " entries",
            "write networks that hold several");
        return TrustedProxies.NONE;
      }
      Optional<Cidr> block = block(setting, part.strip());
      if (block.isEmpty()) {
        return TrustedProxies.NONE;
      }
      blocks.add(block.get());
    }
    return new TrustedProxies(blocks);
  }

  private static Optional<Cidr> block(Setting setting, String text) {
    Optional<Cidr> block = Cidr.parse(text);
    if (block.isEmpty()) {
      setting.problem(
          "has " + Shown.quoted(text) + ", which is no address and no network",
          "write such as 10.0.0.0/8, 192.168.1.7 or 2001:db8::/32, with commas between");
    } else if (block.get().holdsEverybody()) {
      setting.problem(
          "has " + Shown.quoted(text) + ", so everybody could say to be somebody else",
          "write the networks of your proxies only");
      return Optional.empty();
    }
    return block;
  }
}
