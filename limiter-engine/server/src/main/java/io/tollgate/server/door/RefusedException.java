package io.tollgate.server.door;

import java.io.Serial;

/** Thrown when a request is refused; carries the problem to answer. */
public final class RefusedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public RefusedException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public static RefusedException of(ErrorCode code, String detail) {
    return new RefusedException(Problem.of(code, detail));
  }

  public static RefusedException field(ErrorCode code, String pointer, String detail, String fix) {
    return new RefusedException(Problem.field(code, pointer, detail, fix));
  }

  public Problem problem() {
    return problem;
  }
}
