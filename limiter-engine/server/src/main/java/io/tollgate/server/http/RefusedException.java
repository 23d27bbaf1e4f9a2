package io.tollgate.server.http;

import java.io.Serial;

/** Thrown when a request is refused; carries the problem to answer. */
final class RefusedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  RefusedException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  static RefusedException of(ErrorCode code, String detail) {
    return new RefusedException(Problem.of(code, detail));
  }

  static RefusedException field(ErrorCode code, String pointer, String detail, String fix) {
    return new RefusedException(Problem.field(code, pointer, detail, fix));
  }

  Problem problem() {
    return problem;
  }
}
