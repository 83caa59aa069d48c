using Goodhart.Cli.Parsing;
using Goodhart.Evaluation.Fits;
using Goodhart.Text;

namespace Goodhart.Cli.Fitting;

/// <summary>Laws as <c>--law</c> names them.</summary>
internal static class LawNames
{
    public static IReadOnlyList<string> All { get; } = [.. ScalingLaw.All.Select(law => law.Name)];

    /// <param name="list">Names with commas between.</param>
    /// <exception cref="ArgumentException">No such law.</exception>
    public static IReadOnlyList<ScalingLaw> Parse(string list) => [.. CommaList.Split(list).Distinct().Select(Find)];

    private static ScalingLaw Find(string name) => ScalingLaw.All.FirstOrDefault(law => law.Name == name) ?? throw new ArgumentException(
        $"--law: expected {string.Join(", ", All)}, found '{name}'."
        + NearestName.Question(name, All));
}
