using System.Globalization;

namespace Goodhart.Studies.Trees;

/// <summary>The same study with one thing changed that the paper does not state: how much of the result hangs on our choice.</summary>
internal static class TreeSensitivity
{
    private static readonly (string Name, Func<TreeSettings, double> Value, Func<TreeSettings, double, TreeSettings> With,
        double[] Factors)[] Knobs =
    [
        ("hidden width", s => s.Hidden, (s, value) => s with { Hidden = Math.Max(1, (int)value) }, [0.25, 4]),
        ("learning rate", s => s.LearningRate, (s, value) => s with { LearningRate = value }, [1.0 / 3, 10.0 / 3, 10]),
        ("SFT learning rate", s => s.SftLearningRate, (s, value) => s with { SftLearningRate = value }, [0.3, 3]),
    ];

    private static readonly double[] Ends = [0.9, 0.999];

    /// <param name="grid">Runs settings without their own sensitivity.</param>
    /// <returns>Empty where no policy is recurrent: nothing of this concerns the others.</returns>
    public static IReadOnlyList<TreeVariant> Run(TreeResults results, Func<TreeSettings, TreeResults> grid)
    {
        if (results.Settings.Policies.FirstOrDefault(policy => policy != TabularPolicy.Name) is not { } policy)
        {
            return [];
        }

        TreeSettings settings = results.Settings with { Policies = [policy], Betas = [results.MiddleBeta()], Sensitivity = false };
        List<(string Changed, TreeSettings Settings)> variants = [("nothing", settings)];
        foreach ((string? name, Func<TreeSettings, double>? value, Func<TreeSettings, double, TreeSettings>? with, double[]? factors)
            in Knobs)
        {
            variants.AddRange(factors.Select(factor =>
            {
                TreeSettings changed = with(settings, value(settings) * factor);
                return (string.Create(CultureInfo.InvariantCulture, $"{name} {value(changed):0.####}"), changed);
            }));
        }

        variants.AddRange(Ends.Select(mass => (
            string.Create(CultureInfo.InvariantCulture, $"SFT until {mass:0.###}"), settings with { SftMass = mass })));
        return [.. variants.SelectMany(variant => Rows(variant.Changed, grid(variant.Settings)))];
    }

    private static IEnumerable<TreeVariant> Rows(string changed, TreeResults results)
    {
        TreeData data = results.Data();
        double learnt = results.References.Average(reference => reference.DemonstrationMass(data));
        return results.Runs.Select(run => TreeSummary.Of(run, data)).GroupBy(run => run.Loss).Select(loss => new TreeVariant(
            changed, loss.Key, learnt, [.. loss.Select(run => run.End.OutOfDistribution)], loss.Average(run => run.End.Chosen),
            loss.Average(run => run.TopShare)));
    }
}

/// <summary>One loss under one variant, at the middle β; one value a seed, or means over the seeds.</summary>
/// <param name="Changed">What differs from the study's settings, with its value.</param>
/// <param name="DemonstrationMass">Probability of the demonstrations after SFT.</param>
/// <param name="OutOfDistribution">At the end, one a seed.</param>
/// <param name="Chosen">At the end.</param>
/// <param name="TopShare">As in <see cref="TreeSummary"/>.</param>
public sealed record TreeVariant(
    string Changed, string Loss, double DemonstrationMass, IReadOnlyList<double> OutOfDistribution, double Chosen, double TopShare);
