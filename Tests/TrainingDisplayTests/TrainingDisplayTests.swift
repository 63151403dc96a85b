import Testing

@testable import mltrain

/// What a terminal shows of a training.
struct TrainingDisplayTests {
  @Test func barsAreFromTheLeastToTheLargest() {
    #expect(Sparkline.text([1, 2, 3, 4, 5, 6, 7, 8], width: 8) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([8, 1, 4.4, 4.6], width: 8) == "█▁▄▅")
    #expect(Sparkline.text([3, 3], width: 8) == "▁▁")
    #expect(Sparkline.text([-1e308, 1e308, 0], width: 8) == "▁█▅")
    #expect(Sparkline.text([1, .nan, 2, .infinity], width: 8) == "▁ █ ")
    #expect(Sparkline.text([.nan], width: 3) == " ")
    #expect(Sparkline.text([], width: 3) == "" && Sparkline.text([1], width: 0) == "")
  }

  @Test func aBarStandsForTheLastOfItsNumbers() {
    #expect(Sparkline.text([9, 1, 9, 2, 9, 3], width: 3) == "▁▅█")
    // The last number is always shown.
    #expect(Sparkline.text([1, 1, 1, 1, 5], width: 2) == "▁█")
  }

  @Test func theFarthestTenthOfTheBeginningDoesNotCount() {
    #expect(Sparkline.text([100, 8, 7, 6, 5, 4, 3, 2, 1, 0], width: 10) == "███▇▆▅▄▃▂▁")
    #expect(Sparkline.text([-100, 1, 2, 3, 4, 5, 6, 7, 8, 9], width: 10) == "▁▁▂▃▄▅▆▇██")
    // Of fewer all count, and what is far off at the end does.
    #expect(Sparkline.text([100, 8, 7, 6, 5, 4, 3, 2, 0], width: 9) == "█▁▁▁▁▁▁▁▁")
    #expect(Sparkline.text([8, 8, 7, 6, 5, 4, 3, 2, 1, -100], width: 10) == "█████████▁")
    #expect(Sparkline.text([5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], width: 11) == "▁▁▁▁▁▁▁▁▁▁▁")
  }

  @Test func atTheEndThereIsNoTimeLeft() {
    var display = Self.display
    display.seconds = 61
    #expect(
      display.lines(width: 100, isColoured: false)[0].hasSuffix(
        " 82 %  step 5936/7168  ended after 1 min 1 s"))
  }

  @Test func peopleReadFourFigures() {
    #expect(0.123456.figures == "0.1235" && 1234.56.figures == "1235" && 99.996.figures == "100")
    #expect(54321.0.figures == "54321" && (-0.00012345).figures == "-0.0001235")
    #expect(0.0.figures == "0" && Double.nan.figures == "nan" && 1e9.figures == "1e+09")
    #expect(1e-7.figures == "1e-07")
  }

  @Test func durationsHaveTwoUnits() {
    let texts = [0, 0.2, 59, 59.5, 60, 200, 3599.5, 3600, 7500].map(TrainingDisplay.duration)
    #expect(
      texts == [
        "0 s", "1 s", "59 s", "1 min 0 s", "1 min 0 s", "3 min 20 s", "1 h 0 min", "1 h 0 min",
        "2 h 5 min",
      ])
    #expect(TrainingDisplay.duration(.infinity) == "?" && TrainingDisplay.duration(-1) == "?")
  }

  private static var display: TrainingDisplay {
    var display = TrainingDisplay()
    (display.epoch, display.epochCount) = (212, 256)
    (display.step, display.stepCount) = (5936, 7168)
    (display.errorName, display.errors) = ("log loss", [0.9, 0.6, 0.4, 0.361])
    (display.scoreName, display.scores) = ("log loss", [0.8, 0.5, 0.427, 0.431])
    display.best = (187, 0.427)
    (display.rowsPerSecond, display.rate, display.peakRate) = (96_240, 41.04e9, 114e9)
    (display.memory, display.secondsLeft) = (84 << 20, 7.2)
    return display
  }

  @Test func linesHaveEpochsCurvesAndCosts() {
    #expect(
      Self.display.lines(width: 90, isColoured: false) == [
        "epoch 212/256 █████████████████████████████████░░░░░░░ 82 %  step 5936/7168  8 s left",
        "training log loss    0.361     █▄▁▁",
        "validation log loss  0.431     █▂▁▁  best 0.427 at 187",
        "96.24 k rows/s · 41.04 GFLOP/s (36 % of the peak) · 84 MiB",
      ])
  }

  @Test func nothingIsWiderThanTheTerminal() {
    var display = Self.display
    display.title = "networks 12"
    display.errors = (0..<200).map { 1 / Double($0 + 1) }
    for width in 1...140 {
      let lines = display.lines(width: width, isColoured: false)
      #expect(lines.allSatisfy { $0.count <= max(width, 20) }, "\(width)")
      #expect(lines.count == 4)
      // Colours do not change what is shown.
      #expect(display.lines(width: width, isColoured: true).map(Self.plain) == lines, "\(width)")
    }
    let narrow = display.lines(width: 60, isColoured: false)
    #expect(narrow[0].hasPrefix("networks 12, epoch 212/256 █"))
    #expect(narrow[0].contains("82 %") && narrow[2].hasSuffix("best 0.427 at 187"))
    #expect(narrow[3] == "96.24 k rows/s · 41.04 GFLOP/s (36 % of the peak) · 84 MiB")
    #expect(display.lines(width: 30, isColoured: false)[3] == "96.24 k rows/s · 84 MiB")
  }

  @Test func whatIsNotKnownIsNotShown() {
    var display = TrainingDisplay()
    (display.epoch, display.epochCount) = (1, 5)
    #expect(
      display.lines(width: 40, isColoured: false) == ["epoch 1/5 ░░░░░░░░░░░░░░░░ 0 %  step 0/0"])
    (display.errorName, display.errors, display.rowsPerSecond) = ("RMSE", [3], 512.25)
    (display.step, display.stepCount) = (9, 4)
    #expect(
      display.lines(width: 40, isColoured: false) == [
        "epoch 1/5 ██████████████ 100 %  step 9/4", "training RMSE  3         ▁", "512.3 rows/s",
      ])
    display.rowsPerSecond = 2.5e7
    #expect(display.lines(width: 40, isColoured: false).last == "25 M rows/s")
  }

  private static func plain(_ line: String) -> String {
    var (text, isEscape) = ("", false)
    for character in line {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { text.append(character) }
      if isEscape, character == "m" { isEscape = false }
    }
    return text
  }
}
