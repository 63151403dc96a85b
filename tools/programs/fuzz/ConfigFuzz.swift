import CommandSupport

/// Reads a file of options, and makes arguments of it.
func fuzzConfig(_ bytes: [UInt8]) {
  guard let file = refusable({ try ConfigFile(bytes, path: "config.toml") }) else { return }
  let uses: [String: ConfigFile.Use] = [
    "target": .option, "epochs": .option, "drop": .repeatedOption, "class-weight": .repeatedOption,
    "quiet": .flag, "json": .flag,
  ]
  for given in [[], ["--target", "y", "--drop=x"]] {
    guard let arguments = refusable({ try file.arguments(for: uses, beside: given) }) else {
      continue
    }
    guard arguments.isEmpty || arguments[0].hasPrefix("--") else {
      found("arguments that begin with \(arguments[0])")
    }
  }
}
