using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Engine.Randomness;

namespace Goodhart.Alignment.Remedies;

/// <summary>β-DPO: β follows how far the batch's margins are above their running mean, and pairs far from it are left out.</summary>
/// <remarks>Wu et al. 2024, arXiv:2407.08639. What a gap is differs between the paper and its code: a type each.</remarks>
public abstract record GapBeta : BetaRule
{
    private protected static readonly PaperClaim Paper = new(
        "It significantly improves DPO's performance.", "β-DPO, arXiv:2407.08639, abstract (an excerpt)", ClaimedEffect.HigherBest);

    private protected static readonly LossParameter FilterParameter = new(
        "filter", 0.2, ParameterRange.Share, "share of a batch's pairs that is left out, those far from the mean gap more likely");

    /// <summary>a: how strongly β follows the gap; finite, at least 0.</summary>
    public abstract double Sensitivity { get; init; }

    /// <summary>In [0, 1).</summary>
    public abstract double Filter { get; init; }

    public sealed override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { ["sensitivity"] = Sensitivity, [FilterParameter.Name] = Filter };

    /// <summary>What a gap is worth per nat of margin.</summary>
    public abstract double GapScale(double beta);

    public sealed override void Require(PreferenceLoss loss, int batchSize)
    {
        RequireTermsApart(loss);
        Keeps(batchSize);
    }

    /// <summary>Pairs of a batch that are kept.</summary>
    /// <exception cref="ArgumentException">None would be.</exception>
    public int Keeps(int pairs) => (int)(pairs * (1 - Filter)) is int count and > 0 ? count : throw new ArgumentException(string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: expected batches of which a pair is kept, found {pairs} pairs and filter {Filter}: raise the batch size, "
            + $"or set filter to 0."));

    /// <summary>Gumbel noise addressed by the update: adding it to log-weights and keeping the largest draws without replacement.</summary>
    public sealed override BetaControl Start(double beta) => new GapBetaControl(
        this, beta, step =>
        {
            RandomStream random = new(0, "beta-dpo kept pairs", (uint)step);
            return () => -Math.Log(-Math.Log(1 - random.NextDouble()));
        });
}

/// <summary>The gap is the margin in nats, as in the public code.</summary>
public sealed record BatchBeta : GapBeta
{
    private static readonly LossParameter SensitivityParameter = new(
        "sensitivity", 0.6, ParameterRange.AtLeast0, "a: β is multiplied by 1 + a for every nat that the batch's mean "
            + "margin exceeds the running one");

    public static RemedyEntry Entry { get; } = new()
    {
        Name = "beta-dpo",
        Meaning =
            "A β for every batch, larger where its margins are above their running mean; pairs far from that mean are left out by chance.",
        Source = "β-DPO, arXiv:2407.08639; junkangwu/beta-DPO, trainers.py",
        Claim = Paper,
        Parameters = [SensitivityParameter, FilterParameter],
        Notes =
        [
            "Running mean and standard deviation start at 0 and take a tenth of each batch's, so β starts high where margins are above 0.",
            "β is at least 0.001. Rewards in metrics are at the loss's own β.",
            "Its sensitivity is per nat of margin; the paper's a is that of beta-dpo-scaled.",
        ],
        Build = values => new BatchBeta { Sensitivity = values[SensitivityParameter], Filter = values[FilterParameter] },
    };

    public override string Name => "beta-dpo";

    public override string Formula => "β ← max(β₀·(1 + a·(mean Δ of the kept pairs − running mean of Δ)), 0.001)";

    public required override double Sensitivity
    {
        get;
        init => field = SensitivityParameter.Checked(value, Name);
    }

    public required override double Filter
    {
        get;
        init => field = FilterParameter.Checked(value, Name);
    }

    public override double GapScale(double beta) => 1;
}

/// <summary>The gap is the difference of implicit rewards, β₀·Δ, as an excerpt of the paper has it.</summary>
public sealed record BatchRewardBeta : GapBeta
{
    private static readonly LossParameter SensitivityParameter = new(
        "sensitivity", 0.6, ParameterRange.AtLeast0, "a: β is multiplied by 1 + a for every unit that the batch's mean reward "
            + "difference exceeds the running one");

    public static RemedyEntry Entry { get; } = new()
    {
        Name = "beta-dpo-scaled",
        Meaning = "beta-dpo with gaps in units of reward: at the same sensitivity it moves β by β₀ times as much.",
        Source = "β-DPO, arXiv:2407.08639 (an excerpt; the public code's gap is in nats: beta-dpo)",
        Claim = Paper,
        Parameters = [SensitivityParameter, FilterParameter],
        Build = values => new BatchRewardBeta { Sensitivity = values[SensitivityParameter], Filter = values[FilterParameter] },
    };

    public override string Name => "beta-dpo-scaled";

    public override string Formula => "β ← max(β₀·(1 + a·(mean β₀·Δ of the kept pairs − running mean of β₀·Δ)), 0.001)";

    public required override double Sensitivity
    {
        get;
        init => field = SensitivityParameter.Checked(value, Name);
    }

    public required override double Filter
    {
        get;
        init => field = FilterParameter.Checked(value, Name);
    }

    public override double GapScale(double beta) => beta;
}

/// <summary><see cref="GapBeta"/> in a run.</summary>
/// <param name="noiseOf">From updates done to a source of noise, one number for each pair; 0 throughout keeps the likeliest pairs.</param>
public sealed class GapBetaControl(GapBeta rule, double beta, Func<int, Func<double>> noiseOf) : BetaControl(beta)
{
    private const double Momentum = 0.9;
    private const double Floor = 1e-3;
    private readonly double initial = beta;

    public override bool ReadsBatch => true;

    /// <summary>Running mean of the gap.</summary>
    public double Mean { get; private set; }

    /// <summary>Running mean of the batches' standard deviation of the gap.</summary>
    public double Deviation { get; private set; }

    public override PairShare[] Assign(BatchFacts batch)
    {
        double scale = rule.GapScale(initial);
        double[] gaps = [.. batch.Pairs.Select(pair => scale * pair.Margin)];
        double mean = gaps.Average();
        Mean = (Momentum * Mean) + ((1 - Momentum) * mean);
        if (gaps.Length > 1)
        {
            double squares = gaps.Sum(gap => (gap - mean) * (gap - mean));
            Deviation = (Momentum * Deviation) + ((1 - Momentum) * Math.Sqrt(squares / (gaps.Length - 1)));
        }

        int[] kept = Kept(gaps, batch.Step);
        Beta = Math.Max(initial * (1 + (rule.Sensitivity * (kept.Average(i => gaps[i]) - Mean))), Floor);
        PairShare[] shares = new PairShare[gaps.Length];
        Array.Fill(shares, new PairShare(Beta, 0));
        Array.ForEach(kept, i => shares[i] = new PairShare(Beta, (double)gaps.Length / kept.Length));
        return shares;
    }

    public override double[] Save() => [Beta, Mean, Deviation];

    public override void Restore(ReadOnlySpan<double> saved) => (Beta, Mean, Deviation) = (saved[0], saved[1], saved[2]);

    /// <returns>Indices in ascending order.</returns>
    private int[] Kept(double[] gaps, int step)
    {
        int count = rule.Keeps(gaps.Length);
        Func<double> noise = noiseOf(step);
        double[] keys = [.. gaps.Select(gap => LogWeight(gap) + noise())];
        int[] order = [.. Enumerable.Range(0, gaps.Length)];
        Array.Sort(order, (a, b) => keys[b].CompareTo(keys[a]) is int by && by != 0 ? by : a - b);
        Array.Resize(ref order, count);
        Array.Sort(order);
        return order;
    }

    /// <remarks>In log space: the weights themselves underflow at the first batch, whose running mean is a tenth of its own. A gap at the
    /// mean has
    /// weight 1 even where the deviation is 0, as at step 0.</remarks>
    private double LogWeight(double gap)
    {
        double distance = gap == Mean ? 0 : (gap - Mean) / Deviation;
        return -0.5 * distance * distance;
    }
}
