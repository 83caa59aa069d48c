using System.Globalization;
using System.Xml.Linq;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Report.Html;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Theory;

/// <summary>
/// A response token by token: the text, and below it r with V ≡ 0, r in the model's gauge and the unseen share that follows.
/// </summary>
/// <remarks>Colour repeats the first number: blue above zero, orange below, deeper for larger. Nothing is told by colour alone.</remarks>
/// <param name="largest">|r| of the deepest colour.</param>
/// <param name="textOf">A token as text.</param>
internal sealed class TokenView(double largest, Func<int, string> textOf)
{
    public static XElement Key() => Html.Paragraph(
        "Under each token: r in the gauge V ≡ 0 (β log π/π_ref, which the colour repeats: blue above zero, orange below); r in the "
            + "model's own gauge; "
        + "and u, the share of the value it bootstraps on that belongs to tokens the data do not show there (– where the data do not "
        + "reach, or nothing "
        + "is bootstrapped).");

    public XElement Render(ResponseValues response) => Html.Element(
        "p", "tokens", new XAttribute("lang", "en"), response.Tokens.Select(Token));

    private XElement Token(TokenValue token) => Html.Element(
        "span",
        "token",
        new XAttribute("style", $"background: {Background(token.RewardZeroGauge)}"),
        new XAttribute("title", Details(token)),
        Html.Element("span", "word", Visible(textOf(token.Token))),
        Html.Element("span", "value", Signed(token.RewardZeroGauge)),
        Html.Element("span", "value muted", Signed(token.Reward)),
        Html.Element("span", "value muted", $"u {Numbers.Fixed(token.UnseenShare, 2)}"));

    private static string Visible(string text) =>
        text.Length == 0 ? "∅" : text.Replace("\n", "↵", StringComparison.Ordinal).Replace(' ', '\u00A0');

    private static string Signed(double value) => (value > 0 ? "+" : "") + Numbers.Fixed(value, 2);

    private static string Details(TokenValue token) =>
        $"token {token.Position + 1}: log π {Numbers.Fixed(token.LogProb, 3)}, log π_ref {Numbers.Fixed(token.ReferenceLogProb, 3)} nats; "
        + $"Q {Numbers.Fixed(token.Q, 3)}, V {Numbers.Fixed(token.Value, 3)}, next V {Numbers.Fixed(token.NextValue, 3)}, "
        + $"gap {Numbers.Fixed(token.Gap, 3)}; seen next: {token.Seen?.ToString(CultureInfo.InvariantCulture) ?? Numbers.None}; "
        + $"reference’s unseen share {Numbers.Fixed(token.ReferenceUnseenShare, 3)}";

    private string Background(double reward)
    {
        // Half opaque at most, so that text keeps its contrast on light and dark pages.
        string depth = (0.55 * Math.Min(1, Math.Abs(reward) / largest)).ToString("0.000", CultureInfo.InvariantCulture);
        return reward >= 0 ? $"rgba(0, 114, 178, {depth})" : $"rgba(213, 94, 0, {depth})";
    }
}
