extension HelpTopic {
  static let data = HelpTopic(
    name: "data", summary: "what a table may look like",
    text: """
      A table is a CSV file: text in UTF-8, quotes as in RFC 4180, lines that end in
      LF, CR or CRLF. The name - is standard input, and a FIFO works.

        --delimiter tab     comma, semicolon, tab or bar; without it the comma, or
                            what divides the first lines if it does not
        --no-header         the first line is a row; the columns are called
                            "column 1", "column 2" and so on
        --decimal comma     1,5 is a number
        --missing WORD      a text that stands for a missing cell, besides an empty
                            one, NA, N/A, n/a, NaN, nan, null, NULL, None, ? and -

      Blanks around fields and blank lines are skipped; in a file of one column a
      blank line is a missing cell.

      An error names the file, the line and the column: a row that is shorter or
      longer than the header, a faulty quote, bytes that are not UTF-8, a number
      beyond the range of a double. Compressed files, spreadsheets and other formats
      are refused by their names. A table that does not fit into memory is refused
      while it is read.

      Columns are found by name. One without a name is called "column 3"; of two that
      have the same name x, one is "x (column 1)" and one "x (column 4)", with a
      warning. A name that no column has is an error that says which is most like it.

      mltrain describe FILE shows what a file holds. See also: mltrain help columns.
      """)

  static let columns = HelpTopic(
    name: "columns", summary: "the kinds of columns, and what a model makes of them",
    text: """
      The kind of a column follows from all of its cells:

        integer    whole numbers of 64 bits
        number     decimal numbers
        boolean    true and false
        date       2024-02-29 or 2024/02/29, also with a time: 2024-02-29T18:30
        category   other text, with at most 20 distinct values, or at most one for
                   every two cells
        text       text with more

      Numbers that begin with a zero, such as 007, are text. Where 90 % of the cells
      or more are numbers, any other cell is an error with its line; below that the
      column is a category. --categorical, --numeric and --date say what a column is.

      What they become is learnt from the training rows:

        a number, a boolean   one input, scaled, and a flag if a row lacks it; the
                              median stands for what is missing
        a category            an input for each level and one for missing cells; at
                              most --max-levels, the rarer ones together
        a date                year, month, day, weekday and hour, those that vary
        an identifier         nothing: what is distinct in (nearly) every row and
                              text, or counts rows; --keep COLUMN keeps it
        empty, or one value   nothing

      --drop COLUMN leaves one out, --features COLUMN, repeated, names all that are
      used. The columns of --split-column, --group, --time and --weight are not used.

      The target is predicted as classes if it has words, true and false, or at most
      10 distinct whole numbers; else as a number. --task regress or classify says it.
      """)

  static let files = HelpTopic(
    name: "files", summary: "what mltrain writes, and in which formats",
    text: """
      MODEL.safetensors   what fit writes: parameters under PyTorch's names, and in
                          the metadata the columns, classes, scores and a checksum.
                          Its default name is that of the table, in this folder;
                          --output says another. Any reader of safetensors opens it.
      MODEL.run/          checkpoints, while networks are trained: mltrain help
                          checkpoints. It is removed when the model is written.
      --log FILE          an object of JSON on a line of its own for each epoch,
                          checkpoint, warning and result; the file is added to
      --report FILE       a page of HTML about model, data and errors; --plot FILE
                          its curves alone, as .svg or .png; report writes the page
                          later, about any rows
      --tensorboard DIR   runs for TensorBoard: errors by epoch, parameters
      MODEL.onnx          what export writes: the model for runtimes of ONNX, with
                          what it does to the columns
      predictions         CSV to standard output, or to --output: a row for each row
                          of the table; with --json one object of JSON
      the cache           $XDG_CACHE_HOME/slope, else ~/.cache/slope: kernels that
                          OpenCL has compiled, and the plans that tune has found.
                          It may be removed at any time.

      Results go to standard output, everything else to standard error; --quiet
      leaves progress and warnings out. With --json a result is one object of JSON,
      on one line, with all digits.

      A file is written completely or not at all: the old one stays until the new
      one is complete. Links are followed. A FIFO or a device is written to directly,
      and - is standard output. Neither the table nor the model is ever replaced by
      what is made from it. Whether an output can be written is checked first.
      """)

  static let config = HelpTopic(
    name: "config", summary: "options from a file, by --config",
    text: """
      --config FILE reads options from a TOML file. The keys are the long names of
      the command's options, without dashes; what is also given on the command line
      has priority.

        # penguins.toml
        target = "species"
        model = "linear"
        drop = ["year"]           # an option that may be repeated
        split = [0.7, 0.1, 0.2]   # the parts of one, as --split 0.7,0.1,0.2
        max-levels = 16
        quiet = true              # a flag; false leaves it out

        mltrain fit datasets/penguins.csv --config penguins.toml

      A key that the command does not have, or a value of another type, is an error
      that names the file and the key. Files and folders are relative to the folder
      that the command runs in.

      fit, predict, evaluate, report and describe take a file of options.
      """)
}
