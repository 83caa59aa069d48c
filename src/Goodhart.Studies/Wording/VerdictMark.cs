using System.Xml.Linq;
using Goodhart.Evaluation.Claims;
using Goodhart.Report.Html;

namespace Goodhart.Studies.Wording;

/// <summary>A verdict as symbol, word and colour: none of the three is needed to read the others.</summary>
internal static class VerdictMark
{
    public static XElement Render(Verdict verdict) => Html.Element(
        "span", "verdict " + Word(verdict), new XElement("span", new XAttribute("aria-hidden", "true"), Symbol(verdict) + " "),
            Word(verdict));

    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Supported => "supported",
        Verdict.Contradicted => "contradicted",
        _ => "inconclusive",
    };

    private static string Symbol(Verdict verdict) => verdict switch
    {
        Verdict.Supported => "✓",
        Verdict.Contradicted => "✗",
        _ => "○",
    };
}
