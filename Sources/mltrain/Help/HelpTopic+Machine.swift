extension HelpTopic {
  static let devices = HelpTopic(
    name: "devices", summary: "where models are trained, and how devices are called",
    text: """
      --device says where a command computes:

        cpu                       the processor; the default
        gpu                       the best OpenCL device: a GPU if there is one
        opencl:PLATFORM:DEVICE    a device as mltrain devices lists it
        auto                      fit times a few steps on each and takes the fastest;
                                  other commands take the CPU

      Without --device the environment's SLOPE_DEVICE says it. Linear models that are
      solved are computed on the CPU, whatever the device is.

      On the CPU, products of matrices are OpenBLAS', which is looked for when a
      command starts to compute (Debian: libopenblas0). Other loops are our own, for
      the best instructions that the processor has. mltrain --version says which of
      both are used. One thread is used for each processor that the process may use;
      SLOPE_NUM_THREADS says another number. No result depends on it.

      OpenCL is needed for other devices alone: its loader (Debian:
      ocl-icd-libopencl1) and the driver of the device. mltrain tune finds the fastest
      products of a device and keeps them; fit does so, in short, before a long
      training on a GPU.
      """)

  static let checkpoints = HelpTopic(
    name: "checkpoints", summary: "how a training is stopped, and goes on",
    text: """
      While networks are trained, fit writes a checkpoint every 30 seconds into a
      folder beside the model: penguins.run for penguins.safetensors. It is removed
      when the model is written.

        --checkpoint FOLDER        another folder
        --checkpoint-every 10s     how often, or 500steps
        --checkpoints-kept 2       how many are kept
        --no-checkpoints           none

      Ctrl-C (SIGINT), SIGTERM and SIGHUP let the step end, write a checkpoint and say
      how to go on; a second one ends at once.

        mltrain resume penguins.run

      goes on after that, after a kill and after a power cut, with the options that
      the fit had, and ends with the same model, byte for byte (not with --time, nor
      on another kind of processor). A damaged checkpoint is passed over. The table
      must be as it was; another one, and another version of mltrain, are refused.

      Models that are solved, and tables from standard input, have no checkpoints.
      """)

  static let exitCodes = HelpTopic(
    name: "exit-codes", summary: "what the number says that a command ends with",
    text: """
        0     everything was done
        1     the data, a file, a device or the memory is at fault; the last line on
              standard error says how, and begins with "mltrain: "
        64    wrong usage: an unknown command, option or page of help, or a value that
              is none for its option; nothing was done
        129   stopped by SIGHUP
        130   stopped by SIGINT (Ctrl-C)
        143   stopped by SIGTERM

      129, 130 and 143 are 128 and the signal's number, as shells count. After the
      first of them fit has written a checkpoint, and says how to go on (mltrain help
      checkpoints). Any other signal ends a command as it ends every program.

      A result that cannot be written is a failure of every command, also of help: a
      full disk, a closed standard output, a reader that has ended. Progress that
      nobody reads ends nothing. Warnings do not change the exit code.
      """)

  static let environment = HelpTopic(
    name: "environment", summary: "the variables that mltrain reads",
    text: """
      SLOPE_DEVICE          the device, where --device is not given
      SLOPE_NUM_THREADS     threads on the CPU (default: the processors that affinity
                            and control groups allow)
      SLOPE_TUNING          off: the built-in products of OpenCL devices instead of
                            those that were found; always: found before any training
                            on such a device, not only before a long one on a GPU
      OCL_ICD_VENDORS       where OpenCL's loader looks for drivers
      XDG_CACHE_HOME        where compiled kernels and tuned products are kept
                            (default: ~/.cache), in the folder slope
      NO_COLOR              any text: progress without colours
      TERM                  dumb or not set: progress in plain lines
      COLUMNS               the width of help
      OPENBLAS_CORETYPE     the products that OpenBLAS takes, such as Haswell (AVX2)
                            or SkylakeX (AVX-512): for a processor that is newer than
                            the library, which gets its oldest and slowest ones

      Another device, and other products of matrices, round differently; apart from
      that no variable changes a result. Nothing depends on the language, or on other
      settings of the locale.
      """)
}
