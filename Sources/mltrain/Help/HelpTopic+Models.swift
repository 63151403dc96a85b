extension HelpTopic {
  static let models = HelpTopic(
    name: "models", summary: "linear models, networks, and how good is good enough",
    text: """
      --model auto (the default) fits a linear model and networks for tables, and
      keeps the networks where they are clearly better on the validation rows, or, in
      a small table, on rows that neither has learnt from.

        --model linear        solved exactly, in less than a second on 10,000 rows;
                              with --hidden 64,64 a plain network
        --model mlp           networks for tables (RealMLP) alone

        --quality fast        one network, a fifth of the time of good
        --quality good        four networks side by side; the default
        --quality best        a weighted mean of linear models and of networks of
                              many recipes, chosen by cross-validation; takes what
                              --time says, or 300 seconds
        --time 60             the seconds that networks may take
        --trials 20           with best: so many networks, whatever the time
        --refit               fits the model again, to the validation rows too

      A plain network is trained by --optimizer (sgd, adam, adamw, rmsprop, adagrad),
      --learning-rate, --momentum and --batch-size, for at most --epochs, until
      --patience epochs bring nothing better. A linear model is trained so too if
      one of the first four, or --epochs, is given with --model linear.

      Rows are split at random, --split 0.6,0.2,0.2, for training, validation and
      test; by a column, --split-column; by groups that stay together, --group; or by
      time, --time COLUMN. Nothing is learnt from the test rows: their scores are what
      to expect of new rows that are like these.

      On one machine the same table, options and --seed give the same model, byte for
      byte, unless seconds decide: --time, or --quality best without --trials.
      """)

  static let metrics = HelpTopic(
    name: "metrics", summary: "the scores, and which one decides",
    text: """
      --metric says by what epochs, penalties and models are chosen on the validation
      rows. For numbers:

        rmse        root of the mean squared error; the default
        mse         mean squared error
        mae         mean absolute error
        median-ae   median absolute error
        max-error   largest absolute error
        mape        mean absolute error as a fraction of the target
        r2          part of the variance that is explained, at most 1

      For classes:

        log-loss            minus the mean logarithm of the probability of the true
                            class; the default
        accuracy            part of the rows that are predicted right
        balanced-accuracy   mean over the classes of the same
        precision, recall, f1   means over the classes
        auc                 area under the ROC curve: 0.5 is chance, 1 is best
        pr-auc              average precision, the area below precision over recall
        brier               mean squared error of the probabilities
        ece                 expected calibration error

      Each part's scores stand beside those of a baseline, which looks at no column:
      the mean of the training rows, or the frequencies of their classes. A model that
      is not better than it has learnt nothing. Errors are in the target's units.

      --weight COLUMN says what each row counts in the scores too; --class-weight only
      in training.
      """)
}
