package io.tollgate.server.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Verb;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Puts methods together to a service. */
final class Service {

  private Service() {}

  /**
   * A service.
   *
   * @param file that describes it
   */
  static ServerServiceDefinition of(
      String name, ProtoFileDescriptorSupplier file, List<ServerMethodDefinition<?, ?>> methods) {
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(name).setSchemaDescriptor(file);
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(service::addMethod);
    return service.build();
  }

  /**
   * A method of one request and one answer.
   *
   * @param verb whose durations its own are among; null: of none
   */
  static <Q, A> ServerMethodDefinition<Parsed<Q>, A> unary(
      MethodDescriptor<Q, A> method,
      @Nullable Verb verb,
      Metrics metrics,
      BiConsumer<Q, Reply<A>> body) {
    String name = String.valueOf(method.getBareMethodName());
    return ServerMethodDefinition.create(
        Parsed.by(method),
        ServerCalls.asyncUnaryCall((Parsed<Q> request, StreamObserver<A> caller) -> {
          ServerCallStreamObserver<A> typed = (ServerCallStreamObserver<A>) caller;
          // Who does not wait any more is not charged.
          if (typed.isCancelled()) {
            return;
          }
          // With a handler, what is said to who has gone is lost without an exception.
          typed.setOnCancelHandler(() -> {});
          Reply<A> reply = new Reply<>(name, verb, caller, metrics.ofThisLoop());
          try {
            body.accept(request.message(), reply);
          } catch (RuntimeException e) {
            reply.fail(e);
          }
        }));
  }
}
