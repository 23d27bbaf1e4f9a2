package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * nginx as {@code integrations/nginx} has it before Tollgate, or with the same file but for who
 * limits. The application is a static file of its own, so that nothing else is measured.
 *
 * @param gate who limits
 * @param integration the file nginx.conf
 * @param tollgatePort where Tollgate answers, for {@link Gate#AUTH_REQUEST}
 */
record GatePeer(Gate gate, Path integration, int tollgatePort) implements Peer {

  private static final String BODY = "{\"allowed\":true,\"application\":\"here\"}\n";

  /** As {@link NginxPeer}'s, for the same reasons. */
  private static final String HTTP =
      """
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
      """;

  private static final String ZONE =
      "    limit_req_zone $http_x_api_key zone=many:256m rate=1r/m;\n    limit_req_status 429;\n";

  private static final String APPLICATION =
      """
                  proxy_pass http://application;
                  proxy_set_header Host $host;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      """;

  @Override
  public String name() {
    return gate.label();
  }

  @Override
  public String asked() {
    return "GET /check with X-API-Key: user_" + Question.SLOT + "; " + gate.asked();
  }

  @Override
  public Question question() {
    return Question.get("/check", "X-API-Key: user_" + Question.SLOT + "\r\n");
  }

  @Override
  public List<String> command(Path folder, int port) throws IOException {
    Files.writeString(folder.resolve("nginx.conf"), configuration(port));
    Path www = Files.createDirectory(folder.resolve("www"));
    Files.writeString(www.resolve("check"), BODY);
    return List.of("/usr/sbin/nginx", "-p", folder + "/", "-e", "error.log", "-c", "nginx.conf");
  }

  private String configuration(int port) throws IOException {
    // The worker of an nginx that was started as root may not see the folder of this run.
    String user = "root".equals(System.getProperty("user.name")) ? "user root;\n" : "";
    Text text =
        new Text(Files.readString(integration))
            .with(
                "events {}\n",
                user
                    + "worker_processes 1;\ndaemon off;\npid nginx.pid;\nerror_log error.log"
                    + " error;\nevents { worker_connections 1024; }\n")
            .with("http {\n", gate == Gate.LIMIT_REQ ? HTTP + ZONE : HTTP)
            .with("listen 127.0.0.1:10000;", "listen 127.0.0.1:" + port + " backlog=1024;")
            .with(APPLICATION, "            root www;\n");
    Text whole =
        switch (gate) {
          case AUTH_REQUEST ->
              text.with("server 127.0.0.1:8080", "server 127.0.0.1:" + tollgatePort)
                  .with("namespace=edge", "namespace=bench");
          case LIMIT_REQ -> unasked(text, "limit_req zone=many burst=" + BURST + " nodelay;");
          case NONE -> unasked(text, "");
        };
    return whole.text;
  }

  /** All that has to do with Tollgate makes room for a line. */
  private static Text unasked(Text text, String line) {
    return text.with("auth_request /tollgate;", "error_page 403 = @refused;", line)
        .with("location = /tollgate {", "return 503;\n        }", "");
  }

  /** A text of which nothing is changed without finding it once. */
  private record Text(String text) {

    Text with(String old, String other) {
      return with(old, old, other);
    }

    /** The same with another text in the place of all between two places, with both. */
    Text with(String from, String to, String other) {
      int begin = once(from, 0);
      int end = text.indexOf(to, begin);
      if (end < 0) {
        throw missing(to);
      }
      return new Text(text.substring(0, begin) + other + text.substring(end + to.length()));
    }

    private int once(String part, int from) {
      int place = text.indexOf(part, from);
      if (place < 0 || text.indexOf(part, place + 1) >= 0) {
        throw missing(part);
      }
      return place;
    }

    private IllegalStateException missing(String part) {
      return new IllegalStateException("'" + part + "' stands not exactly once in:\n" + text);
    }
  }

  /** The worker; the started one is the master, which answers nothing. */
  @Override
  public List<Long> workers(ProcessHandle started) {
    return started.children().map(ProcessHandle::pid).toList();
  }
}
