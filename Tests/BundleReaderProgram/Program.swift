import Bundles

/// The smallest program with the hidden bundle-reading mode: the tests' stand-in for `ambd` and `ambtrain`.
@main
enum Program {
  static func main() {
    IsolatedBundleReader.runChildIfAsked(arguments: CommandLine.arguments)
  }
}
