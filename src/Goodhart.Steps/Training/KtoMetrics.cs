using Goodhart.Alignment.Training;

namespace Goodhart.Steps.Training;

/// <summary>What KTO reports, by the names of TRL's KTO trainer. A batch without responses of a kind has no means of that kind.</summary>
internal static class KtoMetrics
{
    /// <param name="prefix">Empty while training.</param>
    public static Dictionary<string, double> Of(KtoReport report, string prefix)
    {
        Dictionary<string, double> metrics = new()
        {
            [prefix + "loss"] = report.Loss,
            [prefix + "kl"] = report.Kl,
            [prefix + "count/chosen"] = report.Desirable,
            [prefix + "count/rejected"] = report.Undesirable,
        };
        Add("rewards/margins", report.Margin);
        Add("rewards/chosen", report.RewardDesirable);
        Add("rewards/rejected", report.RewardUndesirable);
        Add("logps/chosen", report.LogProbDesirable);
        Add("logps/rejected", report.LogProbUndesirable);
        return metrics;

        void Add(string name, double? value)
        {
            if (value is { } mean)
            {
                metrics[prefix + name] = mean;
            }
        }
    }
}
