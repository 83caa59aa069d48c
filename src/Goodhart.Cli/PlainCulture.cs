using System.Globalization;

namespace Goodhart.Cli;

/// <summary>Numbers, dates and messages are the same on every machine, whatever its language.</summary>
/// <remarks>
/// Our own code names the invariant culture where it reads and writes. This is for what libraries do: their conversions, their texts, and
/// threads that they start.
/// </remarks>
internal static class PlainCulture
{
    /// <summary>For the process: this thread, the threads of now and those to come.</summary>
    public static void Enter()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }
}
