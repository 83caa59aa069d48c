using System.Diagnostics;

namespace Goodhart.GpuCheck.Cases;

/// <summary>Runs cases in this process, one after the other, and says so.</summary>
internal static class CaseLoop
{
    /// <summary>The process ends: the device takes no more.</summary>
    public const int DeviceLost = 3;

    private const int MostLines = 6;

    /// <param name="places">In the list; in this order.</param>
    /// <param name="isWell">Asked after a failure.</param>
    /// <returns>0, or <see cref="DeviceLost"/>.</returns>
    public static async Task<int> Run(IReadOnlyList<CheckCase> cases, IEnumerable<int> places, Func<bool> isWell, TextWriter output)
    {
        foreach (int place in places)
        {
            Say(new CaseMessage(place, null, null));
            Stopwatch watch = Stopwatch.StartNew();
            string? fault = await Fault(cases[place]);
            Say(new CaseMessage(place, watch.Elapsed.TotalSeconds, fault));
            if (fault is not null && !isWell())
            {
                return DeviceLost;
            }
        }

        return 0;

        void Say(CaseMessage message)
        {
            output.WriteLine(message.Line);
            output.Flush();
        }
    }

    /// <summary>Null: it passed.</summary>
    private static async Task<string?> Fault(CheckCase one)
    {
        try
        {
            await one.Run();
            return null;
        }
        catch (Exception fault)
        {
            string kind = fault is Xunit.Sdk.XunitException ? "" : $"{fault.GetType().Name}: ";
            return kind + string.Join(" | ", fault.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MostLines));
        }
    }
}
