using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Cli.Losses;

namespace Goodhart.Cli.Remedies;

/// <summary>A remedy as <c>goodhart remedies --json</c> prints it.</summary>
internal sealed record RemedyDescription(
    string Name,
    string Kind,
    string Meaning,
    string Formula,
    string Source,
    IReadOnlyList<ForeignName> Elsewhere,
    bool NeedsReferenceModel,
    bool IsOfStudies,
    IReadOnlyList<ParameterDescription> Parameters,
    IReadOnlyList<string> Notes,
    PaperClaim? Claim)
{
    public static RemedyDescription Of(RemedyEntry entry) => new(
        entry.Name, entry.Kind, entry.Meaning, entry.Formula, entry.Source, entry.Elsewhere, entry.NeedsReferenceModel, entry.IsOfStudies,
        [.. entry.Parameters.Select(ParameterDescription.Of)],
        entry.Notes,
        entry.Claim);
}
