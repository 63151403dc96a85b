import FoundationEssentials
import Glibc
import Slope
import SlopeCore
import SlopeData

/// A file of golden cases as JSON: a header line, then one case per line.
public struct GoldenFile: Sendable {
  /// The cases, in the file's order.
  public let cases: [GoldenCase]

  /// Reads and checks the whole file.
  ///
  /// A line that cannot be read is a case that has failed, or that is skipped where it only asks for
  /// something that the library does not have. Throws `GoldenFileError` if the file, its header or its
  /// number of cases is wrong.
  public init(path: String) throws {
    let bytes: [UInt8]
    do {
      bytes = try Self.bytes(of: path)
    } catch let error as FileError {
      throw GoldenFileError(path: path, line: nil, message: error.message)
    }
    try self.init(data: Data(bytes), path: path)
  }

  /// The bytes of a file, which must begin with a JSON object.
  ///
  /// An endless device, or a file of another kind, is recognised by its first byte.
  private static func bytes(of path: String) throws -> [UInt8] {
    var status = stat()
    if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
      throw FileError(
        file: path, message: "it is read again by the process of the cases: name a plain file")
    }
    let source = try ByteSource(path: path)
    var bytes = try source.read(upTo: 1 << 12)
    let first = bytes.first { !" \r\n".utf8.contains($0) }
    guard first == UInt8(ascii: "{") || bytes.count < 1 << 12 else {
      throw FileError(
        file: path, message: "not a golden file: it does not begin with a JSON object")
    }
    // Decoded, a file takes several times the memory of its text.
    let limit = MachineMemory.remaining / 8
    bytes += try source.read(upTo: max(0, limit - bytes.count))
    guard bytes.count < limit else {
      throw FileError(file: path, message: "\(bytes.count) bytes or more do not fit into memory")
    }
    return bytes
  }

  /// Reads and checks the contents of a file; `path` is for messages.
  public init(data: Data, path: String) throws {
    let decoder = JSONDecoder()
    var cases: [GoldenCase] = []
    var header: Header?
    var line = 0
    for text in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      if text.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
      guard header != nil else {
        do {
          header = try Header.read(text, decoder)
        } catch {
          throw GoldenFileError(path: path, line: line, message: Self.describe(error))
        }
        continue
      }
      do {
        let written = try decoder.decode(WrittenCase.self, from: text)
        cases.append(try written.read(line: line))
      } catch {
        let message = "line \(line): \(Self.describe(error))"
        let name = try? decoder.decode(CaseName.self, from: text)
        cases.append(
          GoldenCase(
            unreadable: error is Unsupported
              ? .skipped(message) : .failed(message, strength: .must),
            id: name?.id, operation: name?.op, line: line))
      }
    }
    guard let header else {
      throw GoldenFileError(path: path, line: nil, message: "the file is empty")
    }
    if let count = header.cases, count != cases.count {
      throw GoldenFileError(
        path: path, line: line,
        message: "the header promises \(count) cases, the file holds \(cases.count)")
    }
    self.cases = cases
  }

  private static func describe(_ error: any Error) -> String {
    func name(_ path: [any CodingKey]) -> String {
      path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      let place = name(context.codingPath)
      return "'\(key.stringValue)' is missing" + (place.isEmpty ? "" : " in \(place)")
    case DecodingError.typeMismatch(let type, let context):
      return "\(name(context.codingPath)) is not \(type)"
    case DecodingError.valueNotFound(_, let context):
      return "\(name(context.codingPath)) is null"
    case DecodingError.dataCorrupted(let context):
      let place = name(context.codingPath)
      return place.isEmpty ? "not valid JSON" : "\(place): \(context.debugDescription)"
    default: return "\(error)"
    }
  }

  private struct Header: Decodable {
    let format: String
    let cases: Int?

    static func read(_ text: Data, _ decoder: JSONDecoder) throws -> Header {
      let header = try decoder.decode(Header.self, from: text)
      guard header.format == "golden-1" else {
        throw Malformed("the format is '\(header.format)', not 'golden-1'")
      }
      return header
    }
  }
}

/// A golden file that cannot be used, and the faulty line.
public struct GoldenFileError: Error, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The line, from 1; nil if the fault is of the whole file.
  public let line: Int?
  /// What is wrong.
  public let message: String

  /// The file, the line and what is wrong.
  public var description: String {
    if let line { "\(path):\(line): \(message)" } else { "\(path): \(message)" }
  }
}

/// What a line that cannot be read may still tell about itself.
private struct CaseName: Decodable {
  let id, op: String?
}

/// A case in the form of the file.
private struct WrittenCase: Decodable {
  let id, op, expect: String
  let strength: GoldenCase.Strength
  let attrs: [String: JSONValue]
  let inputs: [GoldenTensor]
  let outputs: [GoldenTensor]?
  let tolerance, gradientTolerance: Tolerance?
  let typeRule: String?
  let cotangents, grads: [GoldenTensor?]?
  let gradientStrength: GoldenCase.Strength?

  private enum CodingKeys: String, CodingKey {
    case id, op, expect, strength, attrs, inputs, outputs, cotangents, grads
    case tolerance = "tol"
    case gradientTolerance = "grad_tol"
    case typeRule = "out_dtype"
    case gradientStrength = "grad_strength"
  }

  func read(line: Int) throws -> GoldenCase {
    GoldenCase(
      id: id, operation: op, attributes: Attributes(attrs),
      inputs: try inputs.map { try $0.read() }, expectation: try readExpectation(),
      requiresType: try readTypeRule(), gradients: try readGradients(), strength: strength,
      line: line)
  }

  private func readExpectation() throws -> GoldenCase.Expectation {
    switch expect {
    case "error": return .error
    case "no_crash": return .noCrash
    case "value":
      guard let outputs, let tolerance else { throw Malformed("'outputs' or 'tol' is missing") }
      return .value(try outputs.map { try $0.read() }, tolerance)
    case "samples":
      guard let outputs, let tolerance else { throw Malformed("'outputs' or 'tol' is missing") }
      return .samples(try outputs.map(readSamples), tolerance)
    default: throw Malformed("'expect' is '\(expect)'")
    }
  }

  private func readSamples(_ tensor: GoldenTensor) throws -> GoldenCase.Samples {
    guard let indices = tensor.flatIndices, let values = tensor.values, let sum = tensor.sum else {
      throw Malformed("'flat_indices', 'values' or 'sum' is missing")
    }
    let count = try tensor.readCount()
    guard indices.count == values.count else {
      throw Malformed("\(indices.count) flat_indices for \(values.count) values")
    }
    if let bad = indices.first(where: { $0 < 0 || $0 >= count }) {
      throw Malformed("flat index \(bad) lies outside \(tensor.shape)")
    }
    return GoldenCase.Samples(
      dtype: try tensor.readType(), shape: tensor.shape, indices: indices, values: values,
      sum: sum)
  }

  private func readTypeRule() throws -> Bool {
    switch typeRule {
    case "strict", nil: return true
    case "value": return false
    case .some(let rule): throw Malformed("'out_dtype' is '\(rule)'")
    }
  }

  private func readGradients() throws -> GoldenCase.Gradients? {
    guard let grads else { return nil }
    guard let cotangents, let gradientTolerance else {
      throw Malformed("'cotangents' or 'grad_tol' is missing beside 'grads'")
    }
    guard grads.count == inputs.count else {
      throw Malformed("\(grads.count) grads for \(inputs.count) inputs")
    }
    guard cotangents.count == outputs?.count else {
      throw Malformed("\(cotangents.count) cotangents for \(outputs?.count ?? 0) outputs")
    }
    return GoldenCase.Gradients(
      cotangents: try cotangents.map { try $0?.read() }, wanted: try grads.map { try $0?.read() },
      tolerance: gradientTolerance, strength: gradientStrength ?? strength)
  }
}
