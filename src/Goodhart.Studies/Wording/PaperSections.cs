using System.Text.RegularExpressions;
using Goodhart.Evaluation.Claims;

namespace Goodhart.Studies.Wording;

/// <summary>Claims by the place in the paper that makes them: the first one that a claim's text names.</summary>
public static partial class PaperSections
{
    /// <summary>For a claim whose text names no place.</summary>
    public const string Elsewhere = "The paper as a whole";

    private static readonly (string Place, string Title)[] Titles =
    [
        ("3.1", "3.1 Over-optimization"), ("3.2", "3.2 Scaling laws"), ("3.3", "3.3 Length"), ("3.4", "3.4 Accuracy and loss"),
        ("3.5", "3.5 Likelihoods"), ("4", "4 Out of distribution, the tree"), ("C", "Appendix C, epochs and likelihoods"),
    ];

    /// <summary>The claims of each place, in the paper's order; each claim once.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<Claim> Claims)> Of(IReadOnlyList<Claim> claims) =>
    [
        .. Titles.Select(t => t.Title).Append(Elsewhere)
            .Select(title => (Title: title, Claims: (IReadOnlyList<Claim>)[.. claims.Where(c => TitleOf(c) == title)]))
            .Where(part => part.Claims.Count > 0),
    ];

    /// <summary>The heading that a claim stands under.</summary>
    public static string TitleOf(Claim claim)
    {
        Match place = Place().Match(claim.Paper);
        string? title = place.Success ? Titles.FirstOrDefault(t => t.Place == place.Groups["place"].Value).Title : null;
        return title ?? Elsewhere;
    }

    [GeneratedRegex(@"(?:sections?|appendix) (?<place>3\.\d|4|C)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
