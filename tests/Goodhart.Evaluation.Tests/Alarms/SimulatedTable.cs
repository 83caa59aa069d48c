using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Alarms;

namespace Goodhart.Evaluation.Tests.Alarms;

/// <summary>Runs whose peak lies where one indicator crosses a line, and nowhere that fraction or KL know of.</summary>
internal static class SimulatedTable
{
    private const string Sign = "entropyChange";

    /// <param name="told">Share of the peak's place that the indicator tells; the rest is noise.</param>
    public static AlarmTable Of(double told, int seeds = 6)
    {
        int place = Indicators.All.Select(indicator => indicator.Name).ToList().IndexOf(Sign);
        List<AlarmRow> rows = [];
        foreach ((string loss, string model, double noise, int seed) in
            from loss in (string[])["dpo", "ipo"]
            from model in (string[])["S", "M"]
            from noise in (double[])[0, 0.25]
            from seed in Enumerable.Range(0, seeds)
            select (loss, model, noise, seed))
        {
            RandomStream random = new(7, $"{loss}/{model}/{noise}", (uint)seed);
            double peak = 1 + (4 * random.NextDouble());
            bool peaks = peak < 4;
            for (int checkpoint = 1; checkpoint <= 5; checkpoint++)
            {
                double?[] values = new double?[Indicators.All.Count];
                values[place] = (told * (checkpoint - peak)) + (0.3 * random.NextNormal());
                rows.Add(new AlarmRow(
                    "tldr 0", "usual", noise, model, loss, 0.1, seed, checkpoint / 5.0, 10 * checkpoint, checkpoint + random.NextDouble(), 0.5,
                    peaks ? RunOutcome.Peaked : RunOutcome.Rising, peaks && checkpoint > peak, values));
            }
        }

        return new AlarmTable(rows);
    }

    public static string[] Inputs => [Sign];
}
