package io.tollgate.bench.load;

import io.tollgate.bench.grpc.Call;

/** A server that is compared over gRPC: how it is started, and what it is asked. */
sealed interface GrpcPeer extends Program
    permits TollgateGrpcPeer, ThrottlecrabGrpcPeer, RatelimitPeer {

  /** What exactly is asked and configured, in a sentence or two. */
  String asked();

  /** The check of one of many identifiers. */
  Call call();
}
