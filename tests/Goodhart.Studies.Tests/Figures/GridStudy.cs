using System.Globalization;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Tests.Figures;

/// <summary>The reference grid (tests/golden/world) as a study's results: realistic input for figures and reports.</summary>
internal static class GridStudy
{
    private static readonly Lazy<StudyResults> Loaded = new(Load);

    public static StudyResults Results => Loaded.Value;

    /// <summary>The same study with fewer points: fits and claims of groups that vanish go too.</summary>
    public static StudyResults Where(Func<CheckpointPoint, bool> keep)
    {
        List<CheckpointPoint> points = Results.Points.Where(keep).ToList();
        HashSet<string> groups = points.Select(p => $"{p.Loss}/{p.Model}").ToHashSet();
        HashSet<string> models = points.Select(p => p.Model).ToHashSet();
        return Results with
        {
            Points = points,
            Fits = [.. Results.Fits.Where(f => groups.Contains(f.Group))],
            Claims = [],
            Samples = [],
            Study = Results.Study with
            {
                Models = [.. Results.Study.Models.Where(m => models.Contains(m.Name))],
                Losses = [.. points.Select(p => p.Loss).Where(l => l.Length > 0).Distinct()],
                Betas = [.. points.Select(p => p.Beta).OfType<double>().Distinct().Order()],
            },
        };
    }

    public static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Goodhart.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("Expected Goodhart.slnx in a folder above the tests.");
    }

    private static StudyResults Load()
    {
        List<CheckpointPoint> points = Rows("grid-points.csv").Select(Point).ToList();
        return new StudyResults
        {
            Study = Summary(points),
            Points = points,
            Fits = [.. Rows("grid-fits.csv").Select(row => Fit(row, points))],
            Claims = [.. GridClaims.Build(points)],
            Samples = GridSamples.All,
            Cost = new StudyCost(772, 1391, 1.32e14, 1_310_000_000, Steps),
        };
    }

    private static StepCost[] Steps =>
    [
        new("pre-train", 3, 0, 214, 4.2e13), new("sft", 3, 0, 31, 2.6e12), new("reference-log-probs", 3, 3, 0, 0),
        new("align", 63, 0, 912, 7.2e13), new("evaluate", 318, 0, 229, 1.5e13), new("fit", 27, 0, 0.8, 1e7),
    ];

    private static StudySummary Summary(List<CheckpointPoint> points) => new(
        "default",
        "Over-optimization of DPO, IPO and SLiC in the synthetic summarization world: three model sizes, seven KL budgets, five "
            + "checkpoints a run.",
        [
            .. points.Where(p => p.Loss.Length == 0)
                .Select(p => new ModelSummary(p.Model, p.Parameters!.Value, p.NonEmbedding!.Value, Slots(p.Model))),
        ],
        ["dpo", "ipo", "slic"],
        [0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6],
        [0.2, 0.4, 0.6, 0.8, 1],
        [0],
        8192,
        256,
        "policy to reference, nats per response: exact per-token sum over sampled prefixes, temperature 1, no top-k or top-p",
        "0.1.0",
        "2 cores, Linux x64, .NET 10.0",
        "AVX-512",
        ["One seed: the spread over data orders and samples is not measured.", "No PPO baseline.", "No judge but the gold reward."]);

    private static Dictionary<string, double> Slots(string model) => model switch
    {
        "S" => new() { ["person"] = 0.94, ["event"] = 0.92, ["object"] = 0.93, ["verb"] = 0.69, ["number"] = 0.68 },
        "M" => new() { ["person"] = 0.97, ["event"] = 0.95, ["object"] = 0.69, ["verb"] = 0.93, ["number"] = 0.77 },
        _ => new() { ["person"] = 0.98, ["event"] = 0.97, ["object"] = 0.95, ["verb"] = 0.94, ["number"] = 0.78 },
    };

    private static CheckpointPoint Point(IReadOnlyDictionary<string, string> row) => new()
    {
        Loss = row["loss"],
        Beta = row["beta"].Length == 0 ? null : Number(row, "beta"),
        Model = row["model"],
        Parameters = (long)Number(row, "parameters"),
        NonEmbedding = (long)Number(row, "nonEmbedding"),
        Seed = (int)Number(row, "seed"),
        Fraction = Number(row, "fraction"),
        Step = (int)(256 * Number(row, "fraction")),
        Kl = Number(row, "kl"),
        KlSe = Number(row, "klSe"),
        KlK1 = Number(row, "klK1"),
        KlK1Se = Number(row, "klK1Se"),
        WinRate = Number(row, "winRate"),
        WinRateSe = Number(row, "winRateSe"),
        WinRateSoft = Number(row, "winRateSoft"),
        WinRateSoftSe = Number(row, "winRateSoftSe"),
        GoldReward = Number(row, "goldReward"),
        Length = Number(row, "length"),
        EosRate = Number(row, "eosRate"),
        Accuracy = Number(row, "accuracy"),
        LossValue = Number(row, "lossValue"),
        ForwardKl = -Number(row, "logRatioChosen"),
    };

    private static ScalingLawFit Fit(IReadOnlyDictionary<string, string> row, List<CheckpointPoint> points)
    {
        (string? law, double first, double second, double zero) = (
            row["law"], Number(row, "first"), Number(row, "second"), Number(row, "interceptValue"));
        string[] names = law == "gao" ? ["alpha", "beta"] : ["linear", "quadratic"];
        double? peak = second * (law == "gao" ? 1 : -1) <= 0 ? null : law switch
        {
            "gao" => Math.Exp((first / second) - 1),
            "quadratic-kl" => Math.Sqrt(Math.Max(0, -first / (2 * second))),
            _ => -first / (2 * second),
        };
        double? height = peak is not { } d ? (double?)null : law == "gao" ? zero + (second * d) : zero - (first * first / (4 * second));
        List<CheckpointPoint> group = points.Where(p => $"{p.Loss}/{p.Model}" == row["group"]).ToList();
        return new ScalingLawFit(
            row["group"], law, row["intercept"],
            [new(names[0], first, Math.Abs(first) * 0.08), new(names[1], second, Math.Abs(second) * 0.11)],
            zero, Number(row, "rmse"), Number(row, "rmse") * 1.06, group.Count,
            peak, peak is { } p0 ? new FitInterval(p0 * 0.85, p0 * 1.2, 0.95, "bootstrap over prompts") : null,
            height, null, peak > group.Max(p => p.SqrtKl));
    }

    private static double Number(IReadOnlyDictionary<string, string> row, string column) =>
        double.Parse(row[column], CultureInfo.InvariantCulture);

    private static IEnumerable<IReadOnlyDictionary<string, string>> Rows(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(RepositoryRoot(), "tests", "golden", "world", name));
        string[] header = lines[0].Split(',');
        return lines.Skip(1).Select(line => header.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second));
    }
}
