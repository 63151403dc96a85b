import CFuzzer
import Glibc

// fuzz TARGET [flags and folders of libFuzzer]: gives generated inputs to what reads foreign files.
//
// Built by tools/fuzz alone, since it is linked with libFuzzer. An input that is read, or refused by
// an error of the library, is right; anything else ends the process with the input in a file.
//
// fuzz seeds FOLDER: writes models to begin with.

if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "seeds" {
  try writeModelSeeds(to: CommandLine.arguments[2])
  exit(0)
}

var texts = CommandLine.arguments
if FuzzTarget.chosen != nil { texts.remove(at: 1) }
var arguments: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
var count = Int32(texts.count)
arguments.append(nil)
let status = arguments.withUnsafeMutableBufferPointer { buffer in
  var start = buffer.baseAddress
  return withUnsafeMutablePointer(to: &start) { pointer in
    pointer.withMemoryRebound(
      to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1
    ) { LLVMFuzzerRunDriver(&count, $0, FuzzTarget.callChosen) }
  }
}
exit(status)
