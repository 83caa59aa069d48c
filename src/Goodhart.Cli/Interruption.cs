using System.Runtime.InteropServices;

namespace Goodhart.Cli;

/// <summary>Ctrl-C and SIGTERM as a cancellation: the first asks, the second ends the process at once.</summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly TextWriter error;
    private readonly List<PosixSignalRegistration> registrations = [];
    private int presses;

    private Interruption(TextWriter error) => this.error = error;

    public CancellationToken Token => source.Token;

    public static Interruption Listen(TextWriter error)
    {
        Interruption interruption = new(error);
        interruption.registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, interruption.Handle));
        interruption.registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, interruption.Handle));
        return interruption;
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // Each signal comes on a thread of its own, and the second may overtake the first.
        if (Interlocked.Increment(ref presses) == 1)
        {
            // Left to the runtime, the signal would end the process now; finished steps are safe either way, but not the last words.
            context.Cancel = true;
            error.WriteLine("stopping; press Ctrl-C again to stop at once.");
            source.Cancel();
        }
    }
}
