using System.Text.RegularExpressions;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Claims;

public sealed class StudyClaimsTests
{
    private static readonly SimulatedStudy Whole = new()
    {
        Losses = ["dpo", "ipo", "slic"],
        Models = ["S", "M", "L"],
        Prompts = 64,
        Decorate = p => p with { Accuracy = 0.7 - (0.01 * p.Kl), LossValue = 0.6, ForwardKl = 0.1 * p.Kl, ForwardKlSe = 0.01 },
    };

    private static readonly TestOptions Options = new() { Replicates = 50 };

    [Fact]
    public void A_whole_study_decides_every_kind_of_claim_under_its_own_id()
    {
        IReadOnlyList<Claim> claims = StudyClaims.Decide(Whole.Build(), Options);
        Assert.Equal(claims.Count, claims.Select(claim => claim.Id).Distinct().Count());
        Assert.Equal(
            [
                ("accuracy-correlates-by-size-only", 3), ("best-has-fallen-log-probs", 9), ("chosen-log-probs-fall", 9),
                ("dpo-like-slic", 3),
                ("early-peak", 9), ("eq5-accurate", 12), ("eq5-beats-quadratic-kl", 12), ("eq5-depends-on-size", 3),
                ("eq5-halves-rmse", 12),
                ("eq5-like-quadratic-sqrt-kl", 12), ("forward-hump", 9), ("hump", 9), ("improvement-needs-falling-log-probs", 3),
                ("ipo-hardly-over-optimizes", 1), ("ipo-lower-kl", 6),
                ("ipo-over-optimizes-less", 12), ("kl-almost-monotone", 9), ("kl-rises-as-beta-falls", 9), ("kl-rises-in-epoch", 9),
                ("little-accuracy-correlation", 2), ("most-peak-early", 3), ("no-accuracy-correlation", 9), ("small-fits-worse", 6),
                ("small-over-optimizes-more", 12), ("small-peaks-earlier", 6), ("small-peaks-lower", 6), ("small-reaches-higher-kl", 6),
                ("weak-accuracy-correlation", 1), ("wide-budgets-decline-more", 9),
            ],   // a constant loss has no correlation, and on 64 prompts six groups improve by no more than chance
            claims.GroupBy(claim => claim.Id.Split('/')[0]).OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => (kind.Key, kind.Count())));
        Assert.All(claims, claim => Assert.DoesNotContain("NaN", claim.Reading + claim.Value + claim.Interval, StringComparison.Ordinal));
    }

    [Fact]   // docs/paper.md lists each claim of the paper with its kind here
    public void The_papers_map_lists_every_kind_and_no_other()
    {
        SimulatedStudy everything = Whole with
        {
            Losses = ["dpo", "ipo", "slic", "r-dpo", RlhfMethods.Ppo],
            Length = (_, _, d) => 15 + d,
            WinRate = (_, _, d, _) => 0.38 + (d * (0.35 - (0.3 * Math.Log(d)))),
            Decorate = p => Whole.Decorate(p) with
            {
                LossValue = 0.6 + (0.01 * p.Kl),
                RewardRejected = p.Beta * -p.Kl,
                ForwardKlSampled = p.Kl,
                LogProbData = -10 - p.Kl,
                LengthR2 = 0.1 * p.Fraction,
                LengthR2Origin = 0.1 * p.Kl,
            },
        };
        string[] decided =
        [
            .. StudyClaims.Decide(everything.Build(), Options)
                .Select(claim => claim.Id.Split('/')[0]).Distinct().Order(StringComparer.Ordinal),
        ];
        string section = PaperMap().Split("## Claims")[1].Split("\n## ")[0];
        string[] listed =
        [
            .. section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[2])
                .SelectMany(cell => Regex.Matches(cell, "`([a-z0-9-]+)`").Select(match => match.Groups[1].Value))
                    .Distinct().Order(StringComparer.Ordinal),
        ];
        Assert.Equal(decided, listed);
    }

    private static string PaperMap()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "docs", "paper.md")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return File.ReadAllText(Path.Combine(folder!, "docs", "paper.md"));
    }

    [Fact]
    public void Same_seed_same_claims()
    {
        IReadOnlyList<EvaluatedCheckpoint> study = Whole.Build();
        Assert.Equal(StudyClaims.Decide(study, Options), StudyClaims.Decide(study, Options));
    }

    [Fact]
    public void A_study_too_small_for_a_claim_leaves_it_out()
    {
        SimulatedStudy smoke = new() { Betas = [0.1], Fractions = [1], Prompts = 8 };
        Assert.Empty(StudyClaims.Decide(smoke.Build(), Options));
        Assert.Empty(StudyClaims.Decide([], Options));
        Assert.Empty(StudyClaims.Decide([.. new SimulatedStudy().Build().Take(1)], Options));
    }

    [Fact]
    public void Seeds_are_averaged_prompt_by_prompt()
    {
        SimulatedStudy study = new() { Seeds = [0, 1, 2], Prompts = 100 };
        IReadOnlyList<EvaluatedCheckpoint> checkpoints = study.Build();
        Claim claim = StudyClaims.Decide(checkpoints, Options).Single(c => c.Id == "hump/dpo/M");
        Assert.Contains("Bonferroni over 35 checkpoints", claim.Interval!.Method, StringComparison.Ordinal);

        double best = checkpoints.Where(c => !c.IsSft).GroupBy(c => (c.Point.Beta, c.Point.Fraction))
            .Max(seeds => seeds.Average(c => c.WinRate));
        Assert.StartsWith(FormattableString.Invariant($"best {best:0.000} at"), claim.Reading, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoints_on_different_prompts_are_refused()
    {
        EvaluatedCheckpoint[] study = [.. new SimulatedStudy().Build()];
        study[3] = study[3] with { Outcomes = new(new double[255], new double[255]) };
        ArgumentException error = Assert.Throws<ArgumentException>(() => StudyClaims.Decide(study, Options));
        Assert.Contains("expected 256, dpo/M β 0.01 at 0.6 has 255 wins and 255 KLs", error.Message, StringComparison.Ordinal);
    }
}
