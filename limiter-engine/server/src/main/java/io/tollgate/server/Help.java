package io.tollgate.server;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * How a command's help is laid out: a title, how it is called, what it does, examples, the rest.
 */
final class Help {

  private Help() {}

  /** The flag that every command has. */
  static OptionSpec flag() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Show this help and exit.")
        .build();
  }

  /**
   * Sets what most helps have.
   *
   * @param title what the command does, as one line of a list
   */
  static void describe(CommandSpec spec, String title, String... description) {
    spec.usageMessage()
        .header(title)
        .synopsisHeading("%nUsage: ")
        .abbreviateSynopsis(true)
        .descriptionHeading("%n")
        .description(description)
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n")
        .sortOptions(false)
        .footerHeading("%n");
  }
}
