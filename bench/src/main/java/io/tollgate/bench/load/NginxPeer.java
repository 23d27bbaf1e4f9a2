package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * nginx with {@code limit_req} before a static file. A file and not {@code return}: that answers
 * before the limit is looked at.
 *
 * @param bodyLength bytes of the file, those of our answer
 */
record NginxPeer(int bodyLength) implements HttpPeer {

  private static final String BODY = "{\"allowed\":true,\"padding\":\"\"}";

  /**
   * Access log off, files kept open, connections never ended for their age. Without sendfile, which
   * made a file this small 10 to 15 % dearer in a trial. The zone has room for a million states of
   * 128 bytes.
   */
  private static final String CONFIGURATION =
      """
      USERworker_processes 1;
      daemon off;
      pid nginx.pid;
      error_log error.log error;
      events { worker_connections 1024; }
      http {
        access_log off;
        default_type application/json;
        sendfile off;
        open_file_cache max=16 inactive=1h;
        open_file_cache_valid 1h;
        keepalive_requests 1000000000;
        keepalive_timeout 1h;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        limit_req_zone $arg_id zone=many:256m rate=1r/m;
        limit_req_zone $arg_id zone=hot:1m rate=HOT_RATEr/s;
        limit_req_status 429;
        server {
          listen 127.0.0.1:PORT backlog=1024;
          root www;
          location = /check { limit_req zone=many burst=BURST nodelay; }
          location = /hot { limit_req zone=hot burst=HOT_RATE nodelay; }
        }
      }
      """;

  NginxPeer {
    if (bodyLength < BODY.length()) {
      throw new IllegalArgumentException("bodies have at least " + BODY.length() + " bytes");
    }
  }

  @Override
  public String name() {
    return "nginx";
  }

  @Override
  public String asked() {
    return "GET /check?id=user_"
        + Question.SLOT
        + "; limit_req by $arg_id, 1 a minute, burst "
        + BURST
        + " nodelay, then a static file of "
        + bodyLength
        + " bytes (our body's length) from the open file cache; one worker, no access log";
  }

  @Override
  public Question question() {
    return Question.get("/check?id=user_" + Question.SLOT);
  }

  @Override
  public Hot hot() {
    return new Hot("/hot?id=" + HOT_IDENTIFIER, Optional.empty());
  }

  @Override
  public List<String> command(Path folder, int port) throws IOException {
    // The worker of an nginx that was started as root may not see the folder of this run.
    String user = "root".equals(System.getProperty("user.name")) ? "user root;\n" : "";
    Files.writeString(
        folder.resolve("nginx.conf"),
        CONFIGURATION
            .replace("USER", user)
            .replace("PORT", Integer.toString(port))
            .replace("BURST", Integer.toString(BURST))
            .replace("HOT_RATE", Integer.toString(HOT_PER_SECOND)));
    Path www = Files.createDirectory(folder.resolve("www"));
    Files.writeString(www.resolve("check"), body());
    Files.writeString(www.resolve("hot"), body());
    return List.of("nginx", "-p", folder + "/", "-e", "error.log", "-c", "nginx.conf");
  }

  private String body() {
    String padding = "x".repeat(bodyLength - BODY.length());
    return BODY.replace("\"\"", "\"" + padding + "\"");
  }

  /** The worker; the started one is the master, which answers nothing. */
  @Override
  public List<Long> workers(ProcessHandle started) {
    return started.children().map(ProcessHandle::pid).toList();
  }
}
