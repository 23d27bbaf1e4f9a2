package io.tollgate.server.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a proto file promises, a line each. */
final class GrpcContract {

  private final SortedSet<String> lines = new TreeSet<>();

  private GrpcContract() {}

  static SortedSet<String> lines(FileDescriptor file) {
    GrpcContract contract = new GrpcContract();
    for (ServiceDescriptor service : file.getServices()) {
      for (MethodDescriptor method : service.getMethods()) {
        contract.lines.add(
            "rpc %s/%s takes %s%s answers %s%s"
                .formatted(
                    service.getFullName(),
                    method.getName(),
                    method.isClientStreaming() ? "stream " : "",
                    method.getInputType().getName(),
                    method.isServerStreaming() ? "stream " : "",
                    method.getOutputType().getName()));
      }
    }
    file.getMessageTypes().forEach(contract::message);
    file.getEnumTypes().forEach(contract::values);
    return contract.lines;
  }

  private void message(Descriptor message) {
    for (FieldDescriptor field : message.getFields()) {
      lines.add(
          "%s.%s = %d %s%s"
              .formatted(
                  message.getFullName(),
                  field.getName(),
                  field.getNumber(),
                  field.isRepeated() ? "repeated " : field.hasPresence() ? "optional " : "",
                  type(field)));
    }
    message.getNestedTypes().forEach(this::message);
    message.getEnumTypes().forEach(this::values);
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
          field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private void values(EnumDescriptor of) {
    for (EnumValueDescriptor value : of.getValues()) {
      lines.add("%s.%s = %d".formatted(of.getFullName(), value.getName(), value.getNumber()));
    }
  }
}
