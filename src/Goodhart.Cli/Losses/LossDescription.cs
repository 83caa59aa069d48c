using Goodhart.Alignment.Losses;

namespace Goodhart.Cli.Losses;

/// <summary>A loss as <c>goodhart losses --json</c> prints it.</summary>
internal sealed record LossDescription(
    string Name,
    string Meaning,
    string Formula,
    string Source,
    IReadOnlyList<ForeignName> Elsewhere,
    bool NeedsReference,
    bool CouplesBatch,
    bool OnPairs,
    BetaDescription Beta,
    IReadOnlyList<ParameterDescription> Parameters,
    IReadOnlyList<string> Conversions)
{
    public static LossDescription Of(LossEntry entry) => new(
        entry.Name, entry.Meaning, entry.Formula, entry.Source, entry.Elsewhere, entry.NeedsReference, entry.CouplesBatch, entry.IsOnPairs,
        new(entry.BetaMeaning, entry.UsualBeta),
        [.. entry.Parameters.Select(ParameterDescription.Of)],
        entry.Conversions);
}

/// <param name="Usual">The default of <c>--beta</c>.</param>
internal sealed record BetaDescription(string Meaning, double Usual);

internal sealed record ParameterDescription(string Name, string Meaning, string Range, double Default)
{
    public static ParameterDescription Of(LossParameter parameter) =>
        new(parameter.Name, parameter.Meaning, parameter.Range.Text, parameter.Default);
}
