using Goodhart.Engine.Torch.Library;
using Goodhart.Hub.Requests;
using Goodhart.Pipeline;
using Goodhart.Pipeline.Slurm;
using Goodhart.Studies.Configuration;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Cli;

/// <summary>What a user sees of an exception, and the exit code it means.</summary>
internal static class ConsoleErrors
{
    /// <summary>
    /// Codes of the system for places that are something else than what is wanted there: EEXIST, ENOTDIR, EISDIR, EROFS, and Windows'
    /// ERROR_FILE_EXISTS, ERROR_ALREADY_EXISTS, ERROR_DIRECTORY and ERROR_INVALID_NAME. A full disk is none of them.
    /// </summary>
    private static readonly int[] WrongPlaces =
        [17, 20, 21, 30, .. ((uint[])[0x80070050, 0x800700B7, 0x8007010B, 0x8007007B]).Select(code => unchecked((int)code))];

    public static int CodeOf(Exception error) => error switch
    {
        OperationCanceledException => ExitCode.Interrupted,
        StepBusyException => ExitCode.NotReady,
        StepFailedException step => IsInput(step) ? ExitCode.BadInput : ExitCode.Failed,
        TasksFailedException tasks =>
            tasks.Failed.All(task => task.Failure.ExitCode == ExitCode.BadInput) ? ExitCode.BadInput : ExitCode.Failed,
        SlurmException { IsMissing: true } => ExitCode.BadInput,
        StudyFileException or TokenizerException or ChatTemplateException or FolderInUseException or HubRefusedException
            or TorchUnavailableException => ExitCode.BadInput,
        _ when IsOurs(error) => ExitCode.Failed,
        InvalidDataException or ArgumentException or NotSupportedException => ExitCode.BadInput,
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or PathTooLongException => ExitCode.BadInput,
        IOException place when WrongPlaces.Contains(place.HResult) => ExitCode.BadInput,
        _ => ExitCode.Failed,
    };

    /// <param name="verbose">Adds the stack trace.</param>
    public static void Write(Exception error, bool verbose, TextWriter writer)
    {
        writer.WriteLine(Message(error));
        if (verbose)
        {
            writer.WriteLine(error);
        }
        else if (IsOurs(error))
        {
            writer.WriteLine(
                "This looks like a mistake of the program, not yours: run the command again with --verbose and report what it prints.");
        }
    }

    public static string Message(Exception error) => error switch
    {
        OperationCanceledException => "interrupted; what is finished is kept. Run the same command again to resume.",
        StepFailedException { InnerException: { } cause } step when IsInput(step) => $"error: {cause.Message}",
        StepFailedException or StudyFileException or TasksFailedException => error.Message,
        _ => $"error: {error.Message}",
    };

    /// <summary>A step read something of the user's and found it wrong: the message has file and line, and the step adds nothing.</summary>
    private static bool IsInput(StepFailedException step) => step.InnerException
        is InvalidDataException or TokenizerException or ChatTemplateException or FileNotFoundException or DirectoryNotFoundException;

    /// <summary>
    /// Guards of methods against their callers are among them: what a user gives is checked before it gets there, and refused as an
    /// <see cref="ArgumentException"/> or <see cref="InvalidDataException"/> whose message names the option or the place in the file.
    /// </summary>
    private static bool IsOurs(Exception error) => error is NullReferenceException or IndexOutOfRangeException or InvalidCastException
        or KeyNotFoundException or ArgumentOutOfRangeException or ArgumentNullException;
}
