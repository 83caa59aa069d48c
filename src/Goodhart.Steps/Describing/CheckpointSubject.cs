using System.Globalization;

namespace Goodhart.Steps.Describing;

/// <summary>By what a checkpoint is found among a study's steps before anything is known of it.</summary>
public static class CheckpointSubject
{
    public const string Model = "model";

    /// <summary>Empty for the reference.</summary>
    public const string Loss = "loss";

    public const string Beta = "beta";

    public const string Seed = "seed";

    public const string Fraction = "fraction";

    internal static IReadOnlyDictionary<string, string> Of(string model, string loss, double? beta, int seed, double fraction)
    {
        Dictionary<string, string> about = new()
        {
            [Model] = model,
            [Loss] = loss,
            [Seed] = seed.ToString(CultureInfo.InvariantCulture),
            [Fraction] = fraction.ToString(CultureInfo.InvariantCulture),
        };
        if (beta is { } coefficient)
        {
            about.Add(Beta, coefficient.ToString(CultureInfo.InvariantCulture));
        }

        return about;
    }
}
