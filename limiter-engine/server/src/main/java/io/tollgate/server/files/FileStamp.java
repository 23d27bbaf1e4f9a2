package io.tollgate.server.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * What tells one state of a file from another without reading it; of a link, the file behind it.
 *
 * @param attributes size, times and number of the file; empty when there is none
 */
record FileStamp(Map<String, Object> attributes) {

  private static final FileStamp NONE = new FileStamp(Map.of());

  /** The time of the last change of the attributes comes only in this view. */
  private static final String UNIX = "unix:size,lastModifiedTime,fileKey,ctime";

  /** Looks at a file; one that cannot be looked at is as one that is not there. */
  static FileStamp of(Path file) {
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
        return new FileStamp(Map.copyOf(Files.readAttributes(file, UNIX)));
      }
      BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(
          Map.of(
              "size", basic.size(),
              "lastModifiedTime", basic.lastModifiedTime(),
              "fileKey", String.valueOf(basic.fileKey())));
    } catch (IOException e) {
      return NONE;
    }
  }
}
