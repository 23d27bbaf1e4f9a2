"""Asks a server on loopback by nothing but what it says of itself: health, reflection, a check."""

import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

PATIENCE_SECONDS = 20


def main(port):
    """Prints a line for each thing that was heard."""
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        health = health_pb2_grpc.HealthStub(channel).Check(
            health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS
        )
        print("health", health_pb2.HealthCheckResponse.ServingStatus.Name(health.status))
        described = ProtoReflectionDescriptorDatabase(channel)
        for name in sorted(described.get_services()):
            print("service", name)
        pool = descriptor_pool.DescriptorPool(described)
        service = pool.FindServiceByName("tollgate.limiter.v1.LimiterService")
        check = service.FindMethodByName("Check")
        call = channel.unary_unary(
            f"/{service.full_name}/{check.name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(check.output_type).FromString,
        )
        request = message_factory.GetMessageClass(check.input_type)(
            identifier="user_123", namespace="api_requests"
        )
        decision = call(request, timeout=PATIENCE_SECONDS)
        told = json_format.MessageToDict(decision, preserving_proto_field_name=True)
        print("check", told["allowed"], told["remaining"], told["limits"][0]["name"])
        try:
            call(type(request)(identifier="user_123"), timeout=PATIENCE_SECONDS)
        except grpc.RpcError as refused:
            print("refused", refused.code().name, refused.details())


main(int(sys.argv[1]))
