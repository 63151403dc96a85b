import Glibc
import SlopeData

/// librsvg and cairo, which make PNG of SVG; loaded when first needed.
struct PNGLibrary {
  private typealias Pointer = UnsafeMutableRawPointer
  private typealias Collect =
    @convention(c) (Pointer?, UnsafePointer<UInt8>?, UInt32) -> Int32

  private let path: String
  private let makeHandle:
    @convention(c) (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<Pointer?>?) -> Pointer?
  private let render:
    @convention(c) (Pointer?, Pointer?, UnsafePointer<Double>?, UnsafeMutablePointer<Pointer?>?) ->
      Int32
  private let makeSurface: @convention(c) (Int32, Int32, Int32) -> Pointer?
  private let makeContext: @convention(c) (Pointer?) -> Pointer?
  private let writePNG: @convention(c) (Pointer?, Collect, Pointer?) -> Int32
  private let freeContext: @convention(c) (Pointer?) -> Void
  private let freeSurface: @convention(c) (Pointer?) -> Void
  private let freeObject: @convention(c) (Pointer?) -> Void

  private static let pixelsPerUnit = 2.0

  /// Finds the functions; `FileError` that names the package where they are missing.
  init(for path: String, library name: String = "librsvg-2.so.2") throws {
    self.path = path
    let missing = FileError(
      file: path,
      message:
        "PNG needs \(name), which is not found (Debian's package librsvg2-2); .svg needs nothing")
    // Cairo and GObject are loaded with it.
    guard let library = dlopen(name, RTLD_NOW | RTLD_GLOBAL) else { throw missing }
    func function<Function>(_ name: String, _ type: Function.Type) throws -> Function {
      guard let symbol = dlsym(library, name) else { throw missing }
      return unsafeBitCast(symbol, to: type)
    }
    makeHandle = try function(
      "rsvg_handle_new_from_data",
      (@convention(c) (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<Pointer?>?) -> Pointer?)
        .self)
    render = try function(
      "rsvg_handle_render_document",
      (@convention(c) (
        Pointer?, Pointer?, UnsafePointer<Double>?, UnsafeMutablePointer<Pointer?>?
      ) -> Int32).self)
    makeSurface = try function(
      "cairo_image_surface_create", (@convention(c) (Int32, Int32, Int32) -> Pointer?).self)
    makeContext = try function("cairo_create", (@convention(c) (Pointer?) -> Pointer?).self)
    writePNG = try function(
      "cairo_surface_write_to_png_stream",
      (@convention(c) (Pointer?, Collect, Pointer?) -> Int32).self)
    freeContext = try function("cairo_destroy", (@convention(c) (Pointer?) -> Void).self)
    freeSurface = try function("cairo_surface_destroy", (@convention(c) (Pointer?) -> Void).self)
    freeObject = try function("g_object_unref", (@convention(c) (Pointer?) -> Void).self)
  }

  /// The bytes of a PNG file of a drawing.
  func png(of svg: String, width: Double, height: Double) throws -> [UInt8] {
    let failure = FileError(file: path, message: "the drawing could not be made an image")
    let (columns, rows) = (width * Self.pixelsPerUnit, height * Self.pixelsPerUnit)
    // Cairo's images have at most 32,767 pixels a side.
    guard columns < 32_768, rows < 32_768 else { throw failure }
    let text = Array(svg.utf8)
    guard let handle = makeHandle(text, text.count, nil) else { throw failure }
    defer { freeObject(handle) }
    let surface = makeSurface(0, Int32(columns), Int32(rows))
    defer { freeSurface(surface) }
    let context = makeContext(surface)
    defer { freeContext(context) }
    guard render(handle, context, [0, 0, columns, rows], nil) != 0 else { throw failure }
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { place in
      writePNG(
        surface,
        { closure, data, count in
          closure?.assumingMemoryBound(to: [UInt8].self).pointee.append(
            contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return 0
        }, place)
    }
    guard status == 0, !bytes.isEmpty else { throw failure }
    return bytes
  }
}
