namespace Goodhart.Alignment.Remedies;

/// <summary>The remedies that a study file or a command can name.</summary>
public static class RemedyCatalogue
{
    private static readonly RemedyEntry[] Known =
    [
        ImportanceWeighting.Entry, WpoSampled.Entry, WpoUncut.Entry, WpoGreedy.Entry, WpoPlain.Entry,
        LengthDesensitized.Entry, LengthDesensitizedPolicy.Entry,
        BatchBeta.Entry, BatchRewardBeta.Entry, PairBeta.Entry, PairBetaMean.Entry, KlBudget.Entry,
        SoftReferenceUpdate.Entry, HardReferenceUpdate.Entry,
        OnlineAnnotators.Entry, OnlineGold.Entry, OnlineReward.Entry, OnlineJudge.Entry,
        RewardFilter.Entry, ConfidenceFilter.Entry, ReferenceFilter.Entry, CrossFitFilter.Entry,
        CrossFitSmoothing.Entry, RewardSmoothing.Entry,
        WiseFt.Entry, CheckpointSoup.Entry, CheckpointEma.Entry, SeedSoup.Entry,
    ];

    public static IReadOnlyList<RemedyEntry> All => Known;

    /// <exception cref="ArgumentException">No such remedy; the message lists those there are.</exception>
    public static RemedyEntry Find(string name) => Array.Find(Known, known => known.Name == name) ?? throw new ArgumentException(
        $"unknown remedy '{name}': expected one of {string.Join(", ", Known.Select(known => known.Name))}.", nameof(name));
}
