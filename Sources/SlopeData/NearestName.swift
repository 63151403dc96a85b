extension Sequence<String> {
  /// The name that is most like a mistyped one; nil if none is like it.
  ///
  /// Like it are names that one change for every three characters makes of it, a change being a character
  /// too many, one too few, another one, or two neighbours exchanged. Capitals make no difference. Of equally
  /// near ones it is the first.
  package func nearest(to name: String) -> String? {
    let wanted = Array(name.lowercased())
    // Beyond that a name is no word.
    guard wanted.count >= 3, wanted.count <= 100 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in self where candidate.utf8.count <= 400 {
      let distance = wanted.distance(to: Array(candidate.lowercased()))
      if distance <= wanted.count / 3, distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// The shortest name that begins with a mistyped one, or the one that is most like it; nil if there is none.
  ///
  /// Of equally short ones it is the first. What begins with one letter says nothing.
  package func nearestOrLonger(than name: String) -> String? {
    let beginning = name.lowercased()
    let longer = filter { name.count >= 2 && $0.lowercased().hasPrefix(beginning) }
    return longer.min { $0.count < $1.count } ?? nearest(to: name)
  }
}

extension [Character] {
  /// The least number of insertions, deletions, replacements and exchanges of neighbours that make `other` of
  /// this: the optimal string alignment distance.
  ///
  /// Source: F. J. Damerau, "A technique for computer detection and correction of spelling errors",
  /// Communications of the ACM 7(3), 1964, doi:10.1145/363958.363994.
  fileprivate func distance(to other: [Character]) -> Int {
    var (beforeLast, last) = ([Int](), [Int](0...other.count))
    for i in indices {
      var row = [i + 1]
      for j in other.indices {
        var least = Swift.min(
          last[j + 1] + 1, row[j] + 1, last[j] + (self[i] == other[j] ? 0 : 1))
        if i > 0, j > 0, self[i] == other[j - 1], self[i - 1] == other[j] {
          least = Swift.min(least, beforeLast[j - 1] + 1)
        }
        row.append(least)
      }
      (beforeLast, last) = (last, row)
    }
    return last[other.count]
  }
}
